"""What the kinds of records are: their numbers, their pages, and who may see them.

Each app registers its kinds from `navigation.py`, once, and whatever names a record reads them
here: reference numbers, links, the search, attachments, presence, the audit page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from officeflow.permissions import RequiredPermission, is_allowed

if TYPE_CHECKING:
    from officeflow.staff.models import User


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """One kind of record.

    `code` names it in audit entries, attachments and addresses; `label` is its plural.

    `prefix` begins its reference numbers, which come from the sequence `<code>_number_seq` and
    may have gaps (`SO-000123`). `yearly_prefixes` begin numbers without gaps that count anew each
    year (`INV-2026-000001`).

    `url_name` is its page, which takes the number as `url_argument` (as nothing when empty).

    `permission` opens the pages of the kind, and `visible` gives the records of it that a person
    with that permission may see; without it the permission alone decides. `may_attach` says who
    may attach files to a record. `is_hr_only` says of which records nobody but HR sees the files.
    `sees_about` says whether the person may see a record of this kind that is about the number of
    another: a department sees the files of the complaint that its ticket is about, though not the
    complaint.

    `is_audited` is false where no audit entry names the kind.
    """

    code: str
    label: str | Promise
    prefix: str = ""
    yearly_prefixes: tuple[str, ...] = ()
    url_name: str = ""
    url_argument: str = "number"
    permission: RequiredPermission = None
    visible: Callable[[User], QuerySet[Any]] | None = None
    may_attach: Callable[[User, str], bool] | None = None
    is_hr_only: Callable[[str], bool] | None = None
    sees_about: Callable[[User, str], bool] | None = None
    is_audited: bool = True

    @property
    def sequence(self) -> str:
        """The PostgreSQL sequence of its reference numbers."""
        return f"{self.code}_number_seq"

    def url(self, number: str) -> str:
        """The address of a record's page; empty when there is none."""
        if not self.url_name:
            return ""
        try:
            return reverse(
                self.url_name, kwargs={self.url_argument: number} if self.url_argument else {}
            )
        except NoReverseMatch:
            return ""

    def visible_numbers(self, user: User, numbers: Collection[str]) -> set[str]:
        """Which of the numbers name a record that the person may see; at most one query."""
        if not numbers or not is_allowed(user, self.permission):
            return set()
        if self.visible is None:
            return set(numbers)
        field = self.url_argument
        found = self.visible(user).filter(**{f"{field}__in": numbers})
        return set(found.values_list(field, flat=True))


_kinds: dict[str, RecordKind] = {}


def register_record_kind(kind: RecordKind) -> RecordKind:
    """Makes a kind known; registering the code again replaces it."""
    _kinds[kind.code] = kind
    return kind


def kinds() -> list[RecordKind]:
    """Every kind."""
    return list(_kinds.values())


def find_kind(code: str) -> RecordKind | None:
    """The kind of that code, if any."""
    return _kinds.get(code)


def get_kind(code: str) -> RecordKind:
    """The kind of that code. Raises `KeyError`."""
    return _kinds[code]


def kind_with_prefix(prefix: str) -> RecordKind | None:
    """The kind whose reference numbers begin so, if any."""
    return next(
        (each for each in kinds() if prefix and prefix in (each.prefix, *each.yearly_prefixes)),
        None,
    )


def kind_of_number(number: str) -> RecordKind | None:
    """The kind of record that a reference number names, if any."""
    return kind_with_prefix(number.partition("-")[0])


def is_visible(user: User, code: str, number: str) -> bool:
    """Whether there is such a record and the person may see it.

    False for a kind that cannot tell which of its records are there.
    """
    kind = find_kind(code)
    return (
        kind is not None and kind.visible is not None and bool(kind.visible_numbers(user, [number]))
    )


def url_of_number(user: User, number: str) -> str:
    """The address of the record that a reference number names; empty when there is none, or the
    person may not open pages of its kind."""
    kind = kind_of_number(number)
    return kind.url(number) if kind and is_allowed(user, kind.permission) else ""

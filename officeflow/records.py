"""The kinds of records: their reference numbers, pages and visibility.

Apps register their kinds in `navigation.py`. Reference numbers, links, the search, attachments,
presence and the audit trail read them here.
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

    `code` names the kind in audit entries, attachments and URLs; `label` is its plural.

    `prefix` begins its reference numbers, which come from the sequence `<code>_number_seq` and
    may have gaps (`SO-000123`). `yearly_prefixes` begin gapless numbers that restart each year
    (`INV-2026-000001`).

    `url_name` is its page, which takes the number as `url_argument` (no argument when empty).

    A person needs `permission` to see records of the kind; `visible` returns those that the person
    may see (all when None). `may_attach` returns whether the person may attach files to a record.
    `is_hr_only` returns whether only HR may see a record's files and who has it open. `sees_about`
    returns whether the person may see a record of this kind whose subject is the given number: a
    department sees the files of the complaint that its ticket is about, but not the complaint.

    `is_audited` is False when no audit entry names the kind.
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
        """Returns the URL of a record's page; empty when there is none."""
        if not self.url_name:
            return ""
        try:
            return reverse(
                self.url_name, kwargs={self.url_argument: number} if self.url_argument else {}
            )
        except NoReverseMatch:
            return ""

    def visible_numbers(self, user: User, numbers: Collection[str]) -> set[str]:
        """Returns the numbers whose records the person may see, with at most one query."""
        if not numbers or not is_allowed(user, self.permission):
            return set()
        if self.visible is None:
            return set(numbers)
        field = self.url_argument
        found = self.visible(user).filter(**{f"{field}__in": numbers})
        return set(found.values_list(field, flat=True))


_kinds: dict[str, RecordKind] = {}


def register_record_kind(kind: RecordKind) -> RecordKind:
    """Registers a kind and returns it; a kind with the same code is replaced."""
    _kinds[kind.code] = kind
    return kind


def kinds() -> list[RecordKind]:
    """Returns every registered kind."""
    return list(_kinds.values())


def find_kind(code: str) -> RecordKind | None:
    """Returns the kind of that code, or None."""
    return _kinds.get(code)


def get_kind(code: str) -> RecordKind:
    """Returns the kind of that code. Raises `KeyError`."""
    return _kinds[code]


def kind_with_prefix(prefix: str) -> RecordKind | None:
    """Returns the kind whose reference numbers begin with the prefix, or None."""
    return next(
        (each for each in kinds() if prefix and prefix in (each.prefix, *each.yearly_prefixes)),
        None,
    )


def kind_of_number(number: str) -> RecordKind | None:
    """Returns the kind of the record with this reference number, or None."""
    return kind_with_prefix(number.partition("-")[0])


def is_visible(user: User, code: str, number: str) -> bool:
    """Returns whether the record exists and the person may see it.

    False for a kind without `visible`, which does not know its records.
    """
    kind = find_kind(code)
    return (
        kind is not None and kind.visible is not None and bool(kind.visible_numbers(user, [number]))
    )


def url_of_number(user: User, number: str) -> str:
    """Returns the URL of the record with this number; empty when it has none, or the person lacks
    the permission of its kind."""
    kind = kind_of_number(number)
    return kind.url(number) if kind and is_allowed(user, kind.permission) else ""

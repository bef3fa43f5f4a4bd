"""One search box for everything: apps register what finds their records.

Apps register a provider in ``AppConfig.ready()``; this module knows none of them. A provider gets
the person and what they asked, understood once for all, and answers hits, the best first. What a
person may not see must not be among them: a provider asks its own querysets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from officeflow import records
from officeflow.numbering import MOST_DIGITS, sequence_prefixes, yearly_prefixes
from officeflow.permissions import Permission, RequiredPermission, any_of, is_allowed
from officeflow.text import name_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from officeflow.staff.models import User

Text = str | Promise
LONGEST = 200
LIMIT = 8
# A whole number without its letters is looked for in every series, up to this many digits.
BARE_DIGITS = 9
DOCUMENT = re.compile(r"([A-Z]+)?[\s#.-]*(?:(20\d\d)(?:[\s/.-]+|(?=\d{6}$)))?(\d{1,9})")


def numbers_meant(text: str, year: int) -> frozenset[str]:
    """Every reference number that a text may mean: `so123`, `SO 123` and `#so-000123` are one.

    Digits alone may be the number of anything. An invoice or credit note named without its year
    is of `year` or the year before.
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip().lstrip("#").strip()
    compact = re.sub(r"[\s#.-]", "", plain)
    if not compact.isascii():
        return frozenset()
    found = set()
    for prefix in sequence_prefixes():
        digits = compact.removeprefix(prefix)
        named = compact.startswith(prefix) and len(digits) <= MOST_DIGITS
        if digits.isdecimal() and (named or len(digits) <= BARE_DIGITS):
            found.add(f"{prefix}-{int(digits):06d}")
    match = DOCUMENT.fullmatch(plain)
    if match:
        named_prefix, named_year, serial = match.groups()
        for prefix in yearly_prefixes():
            if named_prefix not in (None, prefix):
                continue
            for each in (named_year,) if named_year else (year, year - 1):
                found.add(f"{prefix}-{each}-{int(serial):06d}")
    return frozenset(found)


@dataclass(frozen=True)
class SearchQuery:
    """What somebody typed into the box, as it was meant.

    ``memo`` lives as long as one search: providers of one app leave there what another of theirs
    needs too.
    """

    text: str
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, text: str) -> SearchQuery:
        """What was typed, without needless white space and cut to a sensible length."""
        return cls(" ".join(text.split())[:LONGEST])

    @cached_property
    def key(self) -> str:
        """Without accents and case: what the stored keys of names are compared with."""
        return name_key(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the key."""
        return tuple(self.key.split())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every reference number that it may mean."""
        return numbers_meant(self.text, timezone.localdate().year)

    @cached_property
    def digits(self) -> str:
        """Its digits if it may be a phone number, without zeros in front; else empty."""
        text = self.text.replace("(0)", "")
        if re.search(r"[^\d\s()+./-]", text):
            return ""
        return re.sub(r"\D", "", text).lstrip("0")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.text

    @property
    def is_too_short(self) -> bool:
        """Whether it is a single letter, which half of the office begins with."""
        return len(self.text) == 1 and not self.text.isdecimal()


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """One thing that was found, ready to be shown as a row.

    ``is_exact``: the text is its very number. ``distance``: how many letters lie between what was
    typed and what stands there; such a hit is a guess, shown behind the others. ``reason`` tells
    why it is here when nothing that the row shows says so.
    """

    title: Text
    url: str
    number: str = ""
    details: Sequence[Text] = ()
    at: datetime | None = None
    end: str = ""
    status: Any = None
    badge: Text = ""
    reason: Text = ""
    is_exact: bool = False
    distance: int = 0


Find = Callable[[Any, SearchQuery, int], list[SearchHit]]


@dataclass(frozen=True, kw_only=True)
class CreateLink:
    """What a person may add when nothing was found: `url` takes what was typed."""

    label: Text
    permission: RequiredPermission
    url: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Provider:
    """What finds the records of one kind, named by its code in `records`."""

    kind: str
    find: Find
    icon: str = "search"
    order: int = 100
    create: CreateLink | None = None

    @property
    def label(self) -> Text:
        """What the records are called."""
        return records.get_kind(self.kind).label

    @property
    def permission(self) -> RequiredPermission:
        """What finding them asks of a person."""
        return records.get_kind(self.kind).permission


@dataclass(frozen=True, kw_only=True)
class HitGroup:
    """What was found of one kind."""

    kind: str
    label: Text
    icon: str
    hits: list[SearchHit]

    @property
    def is_fuzzy(self) -> bool:
        """Whether nothing in it is written as it was typed."""
        return all(hit.distance for hit in self.hits)

    @property
    def has_exact(self) -> bool:
        """Whether it holds the very thing whose number was typed."""
        return any(hit.is_exact for hit in self.hits)


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """What one search found, the surest kinds first."""

    query: SearchQuery
    groups: list[HitGroup] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many things were found."""
        return sum(len(group.hits) for group in self.groups)

    @property
    def is_fuzzy(self) -> bool:
        """Whether nothing is written as it was typed, and all of it is guesses."""
        return bool(self.groups) and all(group.is_fuzzy for group in self.groups)

    @property
    def exact_url(self) -> str:
        """The address of the one thing whose number was typed; empty when none or several are."""
        urls = {hit.url for group in self.groups for hit in group.hits if hit.is_exact}
        return urls.pop() if len(urls) == 1 else ""


_providers: dict[str, Provider] = {}


def register_search_provider(
    kind: str,
    find: Find,
    *,
    icon: str = "search",
    order: int = 100,
    create: CreateLink | None = None,
) -> None:
    """Lets the box find one more kind of record. The same kind again replaces the first."""
    _providers[kind] = Provider(kind=kind, find=find, icon=icon, order=order, create=create)


def create_links(user: User | AnonymousUser, text: str) -> list[tuple[Text, str]]:
    """Label and address of what this person may add when nothing was found."""
    return [
        (create.label, create.url(text))
        for provider in _providers.values()
        if (create := provider.create) and is_allowed(user, create.permission)
    ]


def providers(user: User | AnonymousUser | None) -> list[Provider]:
    """What this person can find, in the order in which the page shows it."""
    mine = [each for each in _providers.values() if is_allowed(user, each.permission)]
    return sorted(mine, key=lambda each: (each.order, each.kind))


def find(
    user: User | AnonymousUser, text: str, *, limit: int = LIMIT, kinds: Iterable[str] = ()
) -> SearchResults:
    """What this person finds under a text: at most `limit` of each kind, or only some `kinds`."""
    query = SearchQuery.of(text)
    if query.is_empty or query.is_too_short:
        return SearchResults(query=query)
    wanted = set(kinds)
    groups = []
    for each in providers(user):
        if wanted and each.kind not in wanted:
            continue
        hits = each.find(user, query, limit)
        if hits:
            groups.append(
                HitGroup(kind=each.kind, label=each.label, icon=each.icon, hits=hits[:limit])
            )
    # A stable sort: kinds keep their order within the sure, the plain and the guesses.
    groups.sort(key=lambda group: (not group.has_exact, group.is_fuzzy))
    return SearchResults(query=query, groups=groups)


def placeholder(user: User | AnonymousUser | None) -> str:
    """What the box says it finds for this person: `Search customers, orders, products`."""
    names = [str(each.label).lower() for each in providers(user)][:4]
    return _("Search %(things)s") % {"things": ", ".join(names)} if names else ""


def permissions() -> tuple[Permission, ...]:
    """Everything of which any one lets a person find something, once all have registered."""
    found = (each for provider in _providers.values() for each in any_of(provider.permission))
    return tuple(dict.fromkeys(found))

"""The search over all records: a registry of providers, one for each kind of record.

Apps register a provider in ``AppConfig.ready()``. A provider gets the person and the query, and
returns hits that the person may see, the closest first.
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
from officeflow.text import distinct_words, name_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from officeflow.staff.models import User

Text = str | Promise
LONGEST = 200
LIMIT = 8
# A number without a prefix may be of any series, up to this many digits.
BARE_DIGITS = 9
DOCUMENT = re.compile(r"([A-Z]+)?[\s#.-]*(?:(20\d\d)(?:[\s/.-]+|(?=\d{6}$)))?(\d{1,9})")


def matching_numbers(text: str, year: int) -> frozenset[str]:
    """Returns every reference number that a text may mean: `so123` and `#SO 123` are SO-000123.

    Digits alone may be a number of any series. Invoices and credit notes without a year are of
    `year` or the year before.
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
    """A search text, with what providers need of it.

    ``memo`` is a cache for one search, which providers of one app can share.
    """

    text: str
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, text: str) -> SearchQuery:
        """Returns a query with normalised white space, cut to `LONGEST` characters."""
        return cls(" ".join(text.split())[:LONGEST])

    @cached_property
    def key(self) -> str:
        """The text without accents and case, to compare with stored name keys.

        It is cut too, because one sign can become several words.
        """
        return name_key(self.text)[:LONGEST].rstrip()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the key, each once and not too many."""
        return tuple(distinct_words(self.key))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every reference number that the text may mean."""
        return matching_numbers(self.text, timezone.localdate().year)

    def numbers_of(self, *prefixes: str) -> list[str]:
        """Returns those of the numbers that begin with one of the prefixes, such as `SO`."""
        return [each for each in self.numbers if each.partition("-")[0] in prefixes]

    @cached_property
    def digits(self) -> str:
        """The digits without leading zeros if the text may be a phone number; else empty."""
        return self.all_digits.lstrip("0")

    @cached_property
    def all_digits(self) -> str:
        """The digits if the text may be a phone number or a part of one; else empty."""
        text = self.text.replace("(0)", "")
        if re.search(r"[^\d\s()+./-]", text):
            return ""
        return re.sub(r"\D", "", text)

    @property
    def is_empty(self) -> bool:
        """Whether the text is empty."""
        return not self.text

    @property
    def is_too_short(self) -> bool:
        """Whether the text is a single letter, which would match too much."""
        return len(self.text) == 1 and not self.text.isdecimal()


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """A record that was found, for display as a row.

    ``is_exact`` means that the query is its number. ``distance`` is the number of differing
    letters; hits with a distance are shown after the others. ``reason`` explains a match of
    something that the row does not show.
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
    """A link to add a record when nothing was found; `url` gets the search text."""

    label: Text
    permission: RequiredPermission
    url: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Finds the records of one kind; `kind` is the code of a `RecordKind`."""

    kind: str
    find: Find
    icon: str = "search"
    order: int = 100
    create: CreateLink | None = None

    @property
    def label(self) -> Text:
        """The plural of the kind of record."""
        return records.get_kind(self.kind).label

    @property
    def permission(self) -> RequiredPermission:
        """The permission to find these records."""
        return records.get_kind(self.kind).permission


@dataclass(frozen=True, kw_only=True)
class HitGroup:
    """The hits of one kind."""

    kind: str
    label: Text
    icon: str
    hits: list[SearchHit]

    @property
    def is_fuzzy(self) -> bool:
        """Whether no hit matches exactly."""
        return all(hit.distance for hit in self.hits)

    @property
    def has_exact(self) -> bool:
        """Whether the query is the number of a hit."""
        return any(hit.is_exact for hit in self.hits)


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """The results of one search, the kinds with the closest matches first."""

    query: SearchQuery
    groups: list[HitGroup] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The number of hits."""
        return sum(len(group.hits) for group in self.groups)

    @property
    def is_fuzzy(self) -> bool:
        """Whether there are hits and none matches exactly."""
        return bool(self.groups) and all(group.is_fuzzy for group in self.groups)

    @property
    def exact_url(self) -> str:
        """The URL of the only hit whose number is the query; empty for none or several."""
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
    """Registers a provider; a provider of the same kind is replaced."""
    _providers[kind] = Provider(kind=kind, find=find, icon=icon, order=order, create=create)


def create_links(user: User | AnonymousUser, text: str) -> list[tuple[Text, str]]:
    """Returns label and URL of the records that this person may add when nothing was found."""
    return [
        (create.label, create.url(text))
        for provider in _providers.values()
        if (create := provider.create) and is_allowed(user, create.permission)
    ]


def providers(user: User | AnonymousUser | None) -> list[Provider]:
    """Returns the providers that this person may use, in display order."""
    mine = [each for each in _providers.values() if is_allowed(user, each.permission)]
    return sorted(mine, key=lambda each: (each.order, each.kind))


def find(
    user: User | AnonymousUser, text: str, *, limit: int = LIMIT, kinds: Iterable[str] = ()
) -> SearchResults:
    """Returns at most `limit` hits of each kind, optionally only of some `kinds`."""
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
    # A stable sort: exact numbers first, fuzzy matches last, else in the order of the providers.
    groups.sort(key=lambda group: (not group.has_exact, group.is_fuzzy))
    return SearchResults(query=query, groups=groups)


def placeholder(user: User | AnonymousUser | None) -> str:
    """Returns the placeholder of the search box: `Search customers, orders, products`."""
    names = [str(each.label).lower() for each in providers(user)][:4]
    return _("Search %(things)s") % {"things": ", ".join(names)} if names else ""


def permissions() -> tuple[Permission, ...]:
    """Returns the permissions of all providers, any one of which allows the search."""
    found = (each for provider in _providers.values() for each in any_of(provider.permission))
    return tuple(dict.fromkeys(found))

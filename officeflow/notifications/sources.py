"""The sources of notifications: each side registers its own from `AppConfig.ready()`.

A source keeps its notifications in a table of its own, with the fields `at` and `pk`, and says who
may see which. The menu, the list and "Mark all as read" take all sources of a person together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from officeflow.permissions import RequiredPermission, is_allowed
from officeflow.staff.models import User

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    """A notification for display: a sentence about what happened, and the record it is about.

    `number` and `title` are of the record; empty without one.
    """

    source: str
    pk: int
    at: datetime
    sentence: str
    icon: str
    url: str
    number: str = ""
    title: str = ""
    text: str = ""
    is_unread: bool

    @property
    def place(self) -> str:
        """The place of the row in the list, for the address of the rows that follow it."""
        return f"{self.at.isoformat()}~{self.source}~{self.pk}"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Notifications of one side.

    `unread` returns a person's number of unread notifications and the id of the newest. `rows`
    returns at most so many of a person's notifications that match a condition, latest first.
    `mark_read` marks all of them as read and returns how many. None of them shows what the person
    may not see.
    """

    code: str
    permission: RequiredPermission
    unread: Callable[[User], tuple[int, int]]
    rows: Callable[[User, Q, int], Sequence[Row]]
    mark_read: Callable[[User], int]


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Adds a source; a second registration of a code replaces the first."""
    _sources[source.code] = source


def sources_of(user: User) -> list[Source]:
    """Returns the sources that a person may have notifications from, by code."""
    return [
        _sources[code] for code in sorted(_sources) if is_allowed(user, _sources[code].permission)
    ]


def unread(user: User) -> dict[str, tuple[int, int]]:
    """Returns the number of unread notifications and the newest one's id, by source."""
    return {source.code: source.unread(user) for source in sources_of(user)}


def total_unread(user: User) -> int:
    """Returns the number of a person's unread notifications."""
    return sum(number for number, _newest in unread(user).values())


def rows_after(user: User, place: str = "") -> tuple[list[Row], str]:
    """Returns a page of a person's notifications, latest first, and the place of the next page.

    `place` is where an earlier page ended; a malformed one is the beginning.
    """
    found = [
        row
        for source in sources_of(user)
        for row in source.rows(user, _after(source.code, place), PAGE + 1)
    ]
    found.sort(key=lambda row: (-row.at.timestamp(), row.source, -row.pk))
    page = found[:PAGE]
    return page, page[-1].place if len(found) > PAGE else ""


def _after(code: str, place: str) -> Q:
    """Returns the condition for the rows of a source behind a place of the whole list."""
    try:
        at_text, there, pk_text = place.split("~")
        at, pk = datetime.fromisoformat(at_text), int(pk_text)
    except ValueError:
        return Q()
    if at.tzinfo is None or not 0 <= pk < 2**63:
        return Q()
    if code == there:
        return Q(at__lt=at) | Q(at=at, pk__lt=pk)
    return Q(at__lte=at) if code > there else Q(at__lt=at)


def latest_unread(user: User, seen: dict[str, int]) -> Row | None:
    """Returns the latest notification that is newer than the newest ones in `seen`, by source."""
    new = [
        row
        for source in sources_of(user)
        if source.unread(user)[1] > seen.get(source.code, 0)
        for row in source.rows(user, Q(read_at__isnull=True), 1)
    ]
    return max(new, key=lambda row: row.at, default=None)


def mark_all_read(user: User) -> int:
    """Marks all notifications of a person as read, and returns how many."""
    return sum(source.mark_read(user) for source in sources_of(user))

"""The back office's URLs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.staff.addresses.row import (
    ANYBODY,
    BOOKS,
    DESK,
    GOODS,
    LEAD,
    MONEY,
    NOBODY,
    PEOPLE,
    QUEUES,
    STORE,
    TILL,
    A,
    Address,
    F,
    H,
    M,
    UrlRule,
    X,
    post,
)
from tests.staff.sample_records import SampleRecords


def ticket(department: str) -> Address:
    return lambda records: {"number": records.tickets[department]}


def queue(department: str) -> Address:
    return lambda _records: {"department": department}


def of_departments(name: str, address: Callable[[str], Address]) -> list[UrlRule]:
    """A page of one department's queue or ticket: for those who may see that department."""
    seen_by = {"fulfilment": GOODS, "accounting": MONEY, "hr": PEOPLE, "management": LEAD}
    if name.startswith("tickets:queue"):
        seen_by["warehouse"] = STORE
    return [
        UrlRule(name, seers, address(department), hidden_from=QUEUES - seers)
        for department, seers in seen_by.items()
    ]


def verbs(name: str, *, is_post: bool) -> list[UrlRule]:
    """What is done to a ticket: by those who work in its department; seeing is not enough."""
    works = {
        "fulfilment": (frozenset({F}), GOODS),
        "accounting": (frozenset({A}), MONEY),
        "hr": (frozenset({H}), PEOPLE),
        "management": (frozenset({M}), LEAD),
    }
    return [
        UrlRule(name, workers, ticket(department), hidden_from=QUEUES - seers, is_post=is_post)
        for department, (workers, seers) in works.items()
    ]


def led(name: str, *, is_post: bool) -> list[UrlRule]:
    """What those who work in a department do, and those who lead it."""
    works = {
        "fulfilment": (frozenset({F}), frozenset({F, M}), GOODS),  # Femi has it
        "accounting": (frozenset({A}), frozenset({M}), MONEY),
        "hr": (frozenset({H}), frozenset({H}), PEOPLE),
        "management": (frozenset({M}), frozenset({M}), LEAD),
    }
    return [
        UrlRule(
            name,
            workers | leaders,
            ticket(department),
            hidden_from=QUEUES - seers,
            is_post=is_post,
        )
        for department, (workers, leaders, seers) in works.items()
    ]


def bulk() -> list[UrlRule]:
    """Many tickets at once: by those who work in the department."""
    works = {
        "fulfilment": (frozenset({F}), GOODS),
        "accounting": (frozenset({A}), MONEY),
        "hr": (frozenset({H}), PEOPLE),
        "management": (frozenset({M}), LEAD),
    }
    return [
        post(name, workers, queue(department), hidden_from=QUEUES - seers)
        for department, (workers, seers) in works.items()
        for name in ("tickets:bulk", "tickets:bulk-undo")
    ]


def view(_records: SampleRecords) -> dict[str, Any]:
    return {"department": "fulfilment", "key": "nobodys"}


ADDRESSES: list[UrlRule] = [
    *of_departments("tickets:queue", queue),
    *of_departments("tickets:queue-live", queue),
    *of_departments("tickets:ticket", ticket),
    *of_departments("tickets:ticket-live", ticket),
    *verbs("tickets:ticket-take", is_post=True),
    *verbs("tickets:ticket-untake", is_post=True),
    *verbs("tickets:ticket-return", is_post=False),
    *verbs("tickets:ticket-complete", is_post=False),
    *verbs("tickets:ticket-resume", is_post=True),
    *verbs("tickets:ticket-reopen", is_post=False),
    *verbs("tickets:ticket-take-over", is_post=False),
    *verbs("tickets:ticket-hold", is_post=False),
    *led("tickets:ticket-reassign", is_post=False),
    *led("tickets:ticket-priority", is_post=False),
    post("fulfilment:rush-accept", frozenset({F}), ticket("fulfilment")),
    UrlRule("fulfilment:rush-refuse", frozenset({F}), ticket("fulfilment")),
    *of_departments("tickets:ticket-next", ticket),
    *of_departments("tickets:ticket-previous", ticket),
    *of_departments("tickets:ticket-people", ticket),
    *[
        post(row.name, row.roles, row.kwargs, hidden_from=row.hidden_from)
        for row in of_departments("tickets:ticket-comment", ticket)
    ],
    *of_departments("tickets:saved-views", queue),
    *bulk(),
    post("tickets:saved-view", NOBODY, view, hidden_from=QUEUES),
    post("tickets:saved-view-default", NOBODY, view, hidden_from=QUEUES),
    post("tickets:saved-view-remove", NOBODY, view, hidden_from=QUEUES),
    UrlRule("tickets:reasons", frozenset({X})),
    UrlRule("tickets:reason-new", frozenset({X})),
    UrlRule("tickets:reason", frozenset({X}), lambda _records: {"code": "other"}),
    UrlRule("tickets:goals", frozenset({X})),
    UrlRule(
        "staff:presence",
        DESK,
        lambda records: {"kind": "order", "number": records.order},
        hidden_from=ANYBODY - DESK,
    ),
    UrlRule("accounting:invoices", BOOKS),
    UrlRule("accounting:invoice", BOOKS, lambda records: {"number": records.invoice}),
    UrlRule("accounting:invoice-pdf", TILL, lambda records: {"number": records.invoice}),
    UrlRule("accounting:journal", BOOKS),
    UrlRule("accounting:entry", BOOKS, lambda records: {"number": records.entry}),
    UrlRule("accounting:accounts", BOOKS),
    UrlRule("accounting:account", BOOKS, lambda _records: {"code": "1000"}),
    UrlRule("accounting:tax", BOOKS),
    UrlRule("hr:commissions", frozenset({H})),
    UrlRule("hr:commission-rates", frozenset({H})),
    UrlRule("hr:commission-rate-new", frozenset({H})),
    UrlRule("hr:my-commissions", None),
]

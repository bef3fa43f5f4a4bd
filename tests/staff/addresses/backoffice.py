"""The back office's addresses: each department's tickets, the books, HR."""

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
    Row,
    X,
    post,
)
from tests.staff.world import World


def ticket(department: str) -> Address:
    return lambda world: {"number": world.tickets[department]}


def queue(department: str) -> Address:
    return lambda _world: {"department": department}


def of_departments(name: str, address: Callable[[str], Address]) -> list[Row]:
    """A page of one department's queue or ticket: for those who may see that department."""
    seen_by = {"fulfilment": GOODS, "accounting": MONEY, "hr": PEOPLE, "management": LEAD}
    if name.startswith("tickets:queue"):
        seen_by["warehouse"] = STORE
    return [
        Row(name, seers, address(department), hidden_from=QUEUES - seers)
        for department, seers in seen_by.items()
    ]


def verbs(name: str, *, is_post: bool) -> list[Row]:
    """What is done to a ticket: by those who work in its department; seeing is not enough."""
    works = {
        "fulfilment": (frozenset({F}), GOODS),
        "accounting": (frozenset({A}), MONEY),
        "hr": (frozenset({H}), PEOPLE),
        "management": (frozenset({M}), LEAD),
    }
    return [
        Row(name, workers, ticket(department), hidden_from=QUEUES - seers, is_post=is_post)
        for department, (workers, seers) in works.items()
    ]


def led(name: str, *, is_post: bool, only_led: bool = False) -> list[Row]:
    """What those who work in a department do, and those who lead it; `only_led` where a ticket
    that nobody has is for the latter alone."""
    works = {
        "fulfilment": (frozenset({F}), frozenset({F, M}), GOODS),  # Femi has it
        "accounting": (frozenset({A}), frozenset({M}), MONEY),
        "hr": (frozenset({H}), frozenset({H}), PEOPLE),
        "management": (frozenset({M}), frozenset({M}), LEAD),
    }
    return [
        Row(
            name,
            leaders if only_led else workers | leaders,
            ticket(department),
            hidden_from=QUEUES - seers,
            is_post=is_post,
        )
        for department, (workers, leaders, seers) in works.items()
    ]


def bulk() -> list[Row]:
    """Many tickets at once: by those who work in the department."""
    works = {
        "fulfilment": (frozenset({F}), GOODS),
        "accounting": (frozenset({A}), MONEY),
        "hr": (frozenset({H}), PEOPLE),
        "management": (frozenset({M}), LEAD),
    }
    return [
        post("tickets:bulk", workers, queue(department), hidden_from=QUEUES - seers)
        for department, (workers, seers) in works.items()
    ]


def view(_world: World) -> dict[str, Any]:
    return {"department": "fulfilment", "key": "nobodys"}


ADDRESSES: list[Row] = [
    *of_departments("tickets:queue", queue),
    *of_departments("tickets:queue-live", queue),
    *of_departments("tickets:ticket", ticket),
    *of_departments("tickets:ticket-live", ticket),
    *verbs("tickets:ticket-take", is_post=True),
    *verbs("tickets:ticket-untake", is_post=True),
    *verbs("tickets:ticket-return", is_post=False),
    *verbs("tickets:ticket-complete", is_post=False),
    *verbs("tickets:ticket-resume", is_post=True),
    *verbs("tickets:ticket-take-over", is_post=False),
    *verbs("tickets:ticket-hold", is_post=False),
    *led("tickets:ticket-reassign", is_post=False),
    *led("tickets:ticket-priority", is_post=False, only_led=True),
    *of_departments("tickets:ticket-next", ticket),
    *of_departments("tickets:ticket-previous", ticket),
    *of_departments("tickets:ticket-people", ticket),
    *[
        post(row.name, row.open_to, row.kwargs, hidden_from=row.hidden_from)
        for row in of_departments("tickets:ticket-comment", ticket)
    ],
    *of_departments("tickets:saved-views", queue),
    *bulk(),
    post("tickets:saved-view", NOBODY, view, hidden_from=QUEUES),
    post("tickets:saved-view-default", NOBODY, view, hidden_from=QUEUES),
    post("tickets:saved-view-remove", NOBODY, view, hidden_from=QUEUES),
    Row("tickets:notifications", QUEUES),
    Row("tickets:notification-menu", QUEUES),
    post("tickets:notifications-read", QUEUES),
    Row("tickets:reasons", frozenset({X})),
    Row("tickets:reason-new", frozenset({X})),
    Row("tickets:reason", frozenset({X}), lambda _world: {"code": "other"}),
    Row("tickets:goals", frozenset({X})),
    Row(
        "staff:presence",
        DESK,
        lambda world: {"kind": "order", "number": world.order},
        hidden_from=ANYBODY - DESK,
    ),
    Row("accounting:invoices", BOOKS),
    Row("accounting:invoice", BOOKS, lambda world: {"number": world.invoice}),
    Row("accounting:invoice-pdf", TILL, lambda world: {"number": world.invoice}),
    Row("accounting:journal", BOOKS),
    Row("accounting:entry", BOOKS, lambda world: {"number": world.entry}),
    Row("accounting:accounts", BOOKS),
    Row("accounting:account", BOOKS, lambda _world: {"code": "1000"}),
    Row("accounting:tax", BOOKS),
    Row("hr:commissions", frozenset({H})),
    Row("hr:commission-rates", frozenset({H})),
    Row("hr:commission-rate-new", frozenset({H})),
    Row("hr:my-commissions", None),
]

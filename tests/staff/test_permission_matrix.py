"""Who gets in where: every address of the house, tried by a person of each role.

One table. An address that is not in it fails `test_every_address_is_in_the_table`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from frontdesk.models import Customer
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.staff.permissions import Role
from tests.people import OF_ROLE, employ
from tests.staff.world import World, build


class Answer(Enum):
    """What happens to somebody who knocks."""

    IN = "let in"
    FORBIDDEN = "forbidden"
    HIDDEN = "not found"
    SIGN_IN = "asked to sign in"


R, F, W, A, H, M, X = Role
NOBODY: frozenset[Role] = frozenset()
DESK = frozenset({R, M})
READERS_OF = {
    "orders": frozenset({M, X}),
    "customers": frozenset({M, X}),
    "products": frozenset({X}),
}
READERS = frozenset({M, X})
BOOKS = frozenset({A, M})
# Money over the counter: the desk and those who keep the books.
TILL = frozenset({R, M, A})
GALLERY = frozenset({M, X})
# Whoever has no queue at all is told so; whoever has another one finds nothing.
QUEUES = frozenset({F, W, A, H, M})
GOODS, STORE, MONEY, PEOPLE, LEAD = (
    frozenset({F, W, M}),
    frozenset({F, W, M}),
    frozenset({A, M}),
    frozenset({H}),
    frozenset({M}),
)

Address = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One address. `open_to` is None when everybody who signed in gets in."""

    name: str
    open_to: frozenset[Role] | None
    kwargs: Address = field(default=lambda _world: {})
    hidden_from: frozenset[Role] = NOBODY
    is_post: bool = False
    in_status: int | None = None  # where being let in looks like something else
    stranger: Answer = Answer.SIGN_IN

    def expected(self, role: Role | None) -> Answer:
        """What somebody with this role, or with none, meets."""
        if self.open_to is None or role in self.open_to:
            return Answer.IN
        return Answer.HIDDEN if role in self.hidden_from else Answer.FORBIDDEN


def post(name: str, open_to: frozenset[Role] | None, *args: Any, **kwargs: Any) -> Row:
    """An address that only takes a POST; it is tried with an empty one."""
    return Row(name, open_to, *args, is_post=True, **kwargs)


def order(world: World) -> dict[str, Any]:
    return {"number": world.order}


def customer(world: World) -> dict[str, Any]:
    return {"number": world.customer}


def complaint(world: World) -> dict[str, Any]:
    return {"number": world.complaint}


def payment(world: World) -> dict[str, Any]:
    return {"number": world.payment}


def rita(_world: World) -> dict[str, Any]:
    return {"username": "rita"}


def handoff(world: World) -> dict[str, Any]:
    return {"pk": world.handoff}


# A file is there for those who see what it hangs on: the desk, and a ticket's department.
SEES_ORDER = frozenset({R, M, F, W})
ANYBODY: frozenset[Any] = frozenset({*Role, None})


def files_of(world: World) -> dict[str, Any]:
    return {"kind": "order", "holder": world.order}


def no_intake(_world: World) -> dict[str, Any]:
    return {"number": "IN-999999"}


def of_kind(kind: str) -> Address:
    return lambda _world: {"kind": kind}


def no_file(_world: World) -> dict[str, Any]:
    return {"number": "AT-999999"}


def no_message(_world: World) -> dict[str, Any]:
    return {"number": "MS-999999"}


def placed(_world: World) -> dict[str, Any]:
    return {"event": "order_placed"}


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


TABLE: list[Row] = [
    # --- people -------------------------------------------------------------------------------
    Row("staff:landing", None),
    Row("staff:password-change", None),
    Row("staff:password-changed", None),
    Row("staff:own", None),
    post("staff:token-end", None, lambda _world: {"key": "none"}, in_status=404),
    Row("staff:invite", frozenset({X})),
    post("staff:invite-again", frozenset({X}), lambda _world: {"code": "NONE"}, in_status=404),
    post("staff:invitation-back", frozenset({X}), lambda _world: {"code": "NONE"}, in_status=404),
    Row("staff:people", frozenset({X})),
    Row("staff:person-new", frozenset({X})),
    Row("staff:person", frozenset({X}), rita),
    post("staff:person-grant", frozenset({X}), rita),
    post("staff:person-grant-end", frozenset({X}), rita, in_status=404),
    Row("staff:person-off", frozenset({X}), rita),
    Row("staff:person-on", frozenset({X}), rita),
    Row("staff:person-password", frozenset({X}), rita),
    # --- the desk -----------------------------------------------------------------------------
    Row("frontdesk:counter", DESK),
    Row("frontdesk:counter-live", DESK),
    Row("search", frozenset(Role)),
    Row("frontdesk:search", DESK),
    Row("frontdesk:orders", DESK),
    Row("frontdesk:order-new", DESK),
    post("frontdesk:order-totals", DESK),
    Row("frontdesk:lookup-orders", DESK),
    Row("frontdesk:lookup-customers", DESK),
    Row("frontdesk:lookup-products", DESK),
    Row("frontdesk:order", DESK, order),
    Row("frontdesk:order-live", DESK, order),
    Row("frontdesk:order-pay", DESK, order),
    post("frontdesk:order-change", DESK, order),
    Row("frontdesk:order-hand-over", DESK, order),
    Row("frontdesk:order-cancel", DESK, order),
    Row("frontdesk:refund-pay", DESK, lambda world: {"number": world.refund}),
    Row("frontdesk:refund", TILL, lambda world: {"number": world.refund}, in_status=404),
    Row("frontdesk:refund-pdf", TILL, lambda world: {"number": world.refund}, in_status=404),
    Row("frontdesk:money", TILL),
    Row("frontdesk:payment", TILL, payment),
    Row("frontdesk:payment-pdf", TILL, payment),
    Row("frontdesk:methods", frozenset({X})),
    Row("frontdesk:method", frozenset({X}), lambda _world: {"code": "cash"}),
    Row("frontdesk:till-today", TILL),
    Row("frontdesk:till", TILL, lambda _world: {"day": "2026-11-20"}),
    Row("frontdesk:till-count", TILL, lambda _world: {"day": "2026-11-20"}),
    Row("frontdesk:complaints", DESK),
    Row("frontdesk:complaint-new", DESK),
    post("frontdesk:complaint-about", DESK),
    Row("frontdesk:complaint-routes", frozenset({X})),
    Row("frontdesk:complaint", DESK, complaint),
    Row("frontdesk:complaint", DESK, lambda world: {"number": world.conduct}),
    Row("frontdesk:complaint-live", DESK, complaint),
    Row("frontdesk:complaint-confirm", DESK, complaint),
    Row("frontdesk:complaint-reopen", DESK, complaint),
    Row("frontdesk:question-answer", DESK, lambda world: {"number": world.question}),
    Row("frontdesk:customers", DESK),
    Row("frontdesk:customer-new", DESK),
    Row("frontdesk:customer", DESK, customer),
    Row("frontdesk:customer-edit", DESK, customer),
    post("frontdesk:customers-alike", DESK),
    post("frontdesk:customer-note", DESK, customer),
    Row("frontdesk:contact-new", DESK, customer),
    post("frontdesk:contact-remove", DESK, customer, in_status=404),
    Row("frontdesk:customer-switch", DESK, customer),
    Row("frontdesk:customer-merge", DESK, customer),
    # --- the back office ----------------------------------------------------------------------
    *of_departments("tickets:queue", queue),
    *of_departments("tickets:queue-live", queue),
    *of_departments("tickets:ticket", ticket),
    *of_departments("tickets:ticket-live", ticket),
    *verbs("tickets:ticket-take", is_post=True),
    *verbs("tickets:ticket-untake", is_post=True),
    *verbs("tickets:ticket-return", is_post=False),
    *verbs("tickets:ticket-complete", is_post=False),
    *verbs("tickets:ticket-resume", is_post=True),
    *verbs("tickets:ticket-steal", is_post=False),
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
    *of_departments("tickets:views", queue),
    *bulk(),
    post("tickets:view-default", NOBODY, view, hidden_from=QUEUES),
    post("tickets:view-remove", NOBODY, view, hidden_from=QUEUES),
    Row("tickets:news", QUEUES),
    Row("tickets:news-bell", QUEUES),
    post("tickets:news-read", QUEUES),
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
    # --- the house ----------------------------------------------------------------------------
    Row("house:index", frozenset({X})),
    post("house:checklist-hide", frozenset({X})),
    post("house:checklist-show", frozenset({X})),
    Row("company:settings", frozenset({X})),
    Row("company:hours", frozenset({X})),
    post("company:closure-add", frozenset({X})),
    post("company:closure-remove", frozenset({X})),
    Row("company:sites", frozenset({X})),
    Row("company:site", frozenset({X}), lambda _world: {"code": "MAIN"}),
    Row("catalogue:products", frozenset(Role) - {H}),
    Row("catalogue:product", frozenset(Role) - {H}, lambda world: {"sku": world.product}),
    Row("catalogue:product-new", frozenset({X}), in_status=200),
    Row("catalogue:tax", frozenset({X})),
    post("catalogue:tax-retire", frozenset({X}), in_status=404),
    post("catalogue:tax-standard", frozenset({X}), in_status=404),
    post("catalogue:price-meaning", frozenset({X})),
    Row("catalogue:tax-replace", frozenset({X}), lambda _world: {"code": "VAT0.2000"}),
    Row("catalogue:categories", frozenset({X})),
    Row("catalogue:category", frozenset({X}), lambda _world: {"name": "-"}, in_status=404),
    Row("styleguide", None),
    Row("styleguide-lookup", None),
    Row("styleguide-people", None),
    Row("styleguide-clock", None),
    # --- files and messages -------------------------------------------------------------------
    Row("attachments:of", SEES_ORDER, files_of, hidden_from=ANYBODY - SEES_ORDER),
    post("attachments:add", DESK, files_of, hidden_from=ANYBODY - DESK),
    Row("attachments:file", None, no_file, in_status=404),
    Row("attachments:small", None, no_file, in_status=404),
    Row("attachments:remove", None, no_file, in_status=404),
    post("attachments:drop", None, no_file, in_status=404),
    Row("mail:mailbox", DESK | {X}),
    Row("mail:message", DESK | {X}, no_message, in_status=404),
    Row("mail:message-again", DESK, no_message, in_status=404),
    Row("mail:about", DESK, lambda world: {"reference": world.order}),
    Row("mail:wordings", frozenset({X})),
    Row("mail:wording", frozenset({X}), placed),
    post("mail:wording-preview", frozenset({X}), placed),
    post("mail:wording-reset", frozenset({X}), placed),
    post("mail:event-switch", frozenset({X}), placed),
    # --- the gallery --------------------------------------------------------------------------
    Row("dashboards:handoffs", GALLERY),
    Row("dashboards:handoffs-live", GALLERY),
    Row("dashboards:figures-live", GALLERY),
    Row("dashboards:handoff-list", GALLERY),
    Row("dashboards:tickets", GALLERY),
    Row("dashboards:trade", LEAD),
    Row("dashboards:orders", LEAD),
    Row("dashboards:payments", LEAD),
    Row("dashboards:refunds", LEAD),
    Row("dashboards:credit-notes", LEAD),
    Row("audit:trail", GALLERY | {H}),
    # --- files read in ------------------------------------------------------------------------
    Row("intake:intakes", READERS),
    *[
        Row(name, READERS_OF[kind], of_kind(kind), hidden_from=READERS - READERS_OF[kind])
        for name in ("intake:intake-new", "intake:template")
        for kind in READERS_OF
    ],
    Row("intake:intake", READERS, no_intake, in_status=404),
    Row("intake:progress", READERS, no_intake, in_status=404),
    Row("intake:report", READERS, no_intake, in_status=404),
    post("intake:start", READERS, no_intake, in_status=404),
    post("intake:stop", READERS, no_intake, in_status=404),
    post("intake:discard", READERS, no_intake, in_status=404),
    Row("dashboards:breaks", GALLERY),
    Row("dashboards:dead", GALLERY),
    Row("dashboards:handoff", GALLERY, handoff),
    Row("dashboards:handoff-replay", GALLERY, handoff),
    Row("dashboards:handoff-set-aside", GALLERY, handoff),
    # --- the API ------------------------------------------------------------------------------
    post("api:sign-out", None),
    Row("api:products", frozenset(Role) - {H}),
    Row("api:customers", DESK),
    post("api:customers", DESK),
    Row("api:customer", DESK, customer),
    Row("api:orders", DESK),
    post("api:orders", DESK),
    Row("api:order", DESK, order),
    post("api:order-cancel", DESK, order),
    post("api:order-payments", DESK, order),
    post("api:order-hand-over", DESK, order),
    Row("api:complaints", DESK),
    post("api:complaints", DESK),
    Row("api:tickets", QUEUES),
    *verbs("api:ticket-take", is_post=True),
    *verbs("api:ticket-untake", is_post=True),
    *verbs("api:ticket-return", is_post=True),
    *verbs("api:ticket-complete", is_post=True),
    *verbs("api:ticket-steal", is_post=True),
    *verbs("api:ticket-hold", is_post=True),
    *verbs("api:ticket-resume", is_post=True),
    *led("api:ticket-reassign", is_post=True),
    *led("api:ticket-priority", is_post=True),
    *of_departments("api:ticket-comments", ticket),
    Row("api:invoices", BOOKS),
    Row("api:invoice-pdf", TILL, lambda world: {"number": world.invoice}),
    Row("api:payment-receipt", TILL, payment),
    Row("api:refund-receipt", TILL, lambda world: {"number": world.refund}, in_status=404),
    # Somebody who may find nothing is told so; everybody else is asked what for.
    Row("api:search", frozenset(Role), in_status=400),
    Row("api:attachments", SEES_ORDER, files_of, hidden_from=ANYBODY - SEES_ORDER),
    Row("api:attachment-file", None, no_file, in_status=404),
    post("api:attachment-remove", None, no_file, in_status=404),
    Row("api:handoffs", GALLERY),
    Row("api:handoffs-summary", GALLERY),
    Row("api-schema", None, stranger=Answer.SIGN_IN),
    Row("api-docs", None, stranger=Answer.SIGN_IN),
]

# Open to strangers, because one signs in there.
DOORS = {"staff:sign-in", "staff:sign-out", "api:sign-in", "set-up", "house-zones"} | {
    "staff:accept",
    "staff:forgotten",
    "staff:reset",
}
# Being let in may end in words about what was sent, but never in one of these.
TURNED_AWAY = {401, 403, 404, 405, 500}


def addresses(patterns: list[Any], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all addresses outside Django's admin."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            if inner[:1] != ("admin",):
                yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or str(pattern.pattern)])


def knock(client: Client, row: Row, world: World) -> tuple[Answer, int]:
    """Tries the address and says what came of it."""
    url = reverse(row.name, kwargs=row.kwargs(world))
    if row.is_post:
        answer = client.post(url, {}, content_type="application/json")
    else:
        answer = client.get(url)
    status = answer.status_code
    if status == row.in_status:
        return Answer.IN, status
    if status == 401 or (
        status == 302 and answer.headers["Location"].startswith(reverse("staff:sign-in"))
    ):
        return Answer.SIGN_IN, status
    if status == 403:
        return Answer.FORBIDDEN, status
    if status == 404:
        return Answer.HIDDEN, status
    assert status not in TURNED_AWAY, f"{url}: {status}"
    return Answer.IN, status


def wrong_answers(client: Client, world: World, expected: Callable[[Row], Answer]) -> list[str]:
    wrong = []
    for row in TABLE:
        answer, status = knock(client, row, world)
        if answer != expected(row):
            where = f"{row.name} {row.kwargs(world) or ''}"
            wrong.append(f"{where}: {answer.value} ({status}), not {expected(row).value}")
    return wrong


@pytest.fixture
def world(office: Office, nora: Customer, mug: Product) -> World:
    return build(nora, mug)


def test_every_address_is_in_the_table() -> None:
    known = {row.name for row in TABLE} | DOORS
    assert set(addresses(get_resolver().url_patterns)) == known


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_in_where_the_table_says(role: Role, client: Client, world: World) -> None:
    client.force_login(employ(OF_ROLE[role]))
    assert wrong_answers(client, world, lambda row: row.expected(role)) == []


def test_somebody_without_a_role_gets_in_nowhere_else(client: Client, world: World) -> None:
    client.force_login(employ("nils"))
    assert wrong_answers(client, world, lambda row: row.expected(None)) == []


def test_a_stranger_is_asked_to_sign_in_everywhere(client: Client, world: World) -> None:
    assert wrong_answers(client, world, lambda row: row.stranger) == []


@pytest.mark.parametrize("role", Role)
def test_no_role_opens_the_technical_admin(role: Role, client: Client, office: Office) -> None:
    client.force_login(employ(OF_ROLE[role]))
    answer = client.get(reverse("admin:index"))
    assert answer.headers["Location"].startswith(reverse("admin:login"))


def test_the_technical_admin_shows_nothing_of_the_wings_and_the_corridor() -> None:
    shown = {model._meta.app_label for model in admin.site._registry}
    assert shown <= {"auth", "axes", "knox", "sites"}

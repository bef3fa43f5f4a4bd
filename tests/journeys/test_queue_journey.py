"""A queue that two colleagues work on, one of them by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from backoffice.tickets.actions import take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from officeflow.company.models import Office
from officeflow.staff.actions import end_grant
from officeflow.staff.models import RoleGrant, User
from tests.journeys.conftest import axe_clean, sign_in
from tests.tickets.conftest import ordered  # noqa: F401 (a fixture)

QUEUE = "/office/queue/fulfilment/"


def test_the_queue_works_by_keyboard_and_refreshes_itself(
    page: Page, waiting: list[Ticket], femi: User, fay: User
) -> None:
    first, second, third = waiting
    sign_in(page, femi)
    page.goto(QUEUE)
    axe_clean(page)
    # A ticket that a colleague takes disappears.
    take_ticket(actor=fay, ticket=first)
    expect(page.locator(f"#open-{first.number}")).to_have_count(0)
    # j and k go through the rows, Enter opens, t takes.
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator(f"#open-{second.number}")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/office/tickets/{second.number}/**")
    page.keyboard.press("t")
    expect(page.get_by_text("Assigned to you")).to_be_visible()
    axe_clean(page)
    # r returns it to the desk with a question.
    page.keyboard.press("r")
    page.wait_for_url("**/return/")
    axe_clean(page)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Is blue all right?")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{QUEUE}**")
    second.refresh_from_db()
    assert second.state == TicketState.RETURNED
    # The next one is taken from the queue and done: t, then d.
    page.keyboard.press("t")
    page.wait_for_url(f"**/office/tickets/{third.number}/**")
    page.keyboard.press("d")
    page.wait_for_url(f"**{QUEUE}**")
    expect(page.get_by_text("No tickets are waiting")).to_be_visible()
    third.refresh_from_db()
    assert third.state == TicketState.COMPLETED


def test_taking_a_taken_ticket_names_the_colleague(
    page: Page, waiting: list[Ticket], femi: User, fay: User, client: Client
) -> None:
    sign_in(page, femi)
    page.goto(f"/office/tickets/{waiting[0].number}/")
    button = page.get_by_role("button", name="Take ticket")
    expect(button).to_be_visible()
    # Hidden windows do not refresh themselves, so the button stays.
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    client.force_login(fay)
    client.post(f"/office/tickets/{waiting[0].number}/take/")
    button.click()
    expect(page.get_by_text("Fay Fulfilment has already taken this ticket")).to_be_visible()


@pytest.mark.parametrize("width", [390, 768])
def test_the_queue_and_a_ticket_fit_a_phone(
    page: Page, waiting: list[Ticket], femi: User, width: int
) -> None:
    take_ticket(actor=femi, ticket=waiting[0])
    sign_in(page, femi)
    page.set_viewport_size({"width": width, "height": 844})
    for path in (QUEUE, f"/office/tickets/{waiting[0].number}/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        axe_clean(page)


def test_a_ticket_is_completed_and_undone_by_keyboard(
    page: Page, waiting: list[Ticket], femi: User
) -> None:
    take_ticket(actor=femi, ticket=waiting[0])
    sign_in(page, femi)
    page.goto(f"/office/tickets/{waiting[0].number}/")
    page.keyboard.press("d")
    count = page.locator("[data-undo-count]")
    expect(count).to_be_visible()
    axe_clean(page)
    page.reload()
    expect(count).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text(f"{waiting[0].number} is yours again.")).to_be_visible()
    expect(page.locator("[data-undo]")).to_have_count(0)
    waiting[0].refresh_from_db()
    assert waiting[0].state == "taken"


def test_a_delivery_is_marked_as_shipped_by_two_keys(
    page: Page,
    femi: User,
    ordered: Callable[..., Ticket],  # noqa: F811
) -> None:
    ticket = ordered(delivery="delivery", delivery_address="1 Mill Lane")
    take_ticket(actor=femi, ticket=ticket)
    sign_in(page, femi)
    page.goto(f"/office/tickets/{ticket.number}/")
    page.keyboard.press("d")
    page.wait_for_url("**/complete/")
    expect(page.locator("form.confirm button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{QUEUE}**")
    ticket.refresh_from_db()
    assert ticket.state == TicketState.COMPLETED


def test_the_bar_goes_when_the_time_is_over(page: Page, waiting: list[Ticket], femi: User) -> None:
    Office.objects.update(undo_seconds=1)
    take_ticket(actor=femi, ticket=waiting[0])
    sign_in(page, femi)
    page.goto(f"/office/tickets/{waiting[0].number}/")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fulfilment")
    expect(page.locator("[data-undo]")).to_have_count(0)


def test_on_a_phone_the_goods_come_first_and_the_main_action_is_in_reach(
    page: Page, waiting: list[Ticket], femi: User
) -> None:
    take_ticket(actor=femi, ticket=waiting[0])
    sign_in(page, femi)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/office/tickets/{waiting[0].number}/")
    goods = page.locator(".pick-list").bounding_box()
    action = page.locator("#complete").bounding_box()
    assert goods is not None
    assert action is not None
    assert goods["y"] < 500 < 760 < action["y"] < 844
    expect(page.locator("#hold")).to_be_hidden()
    page.locator("#more").click()
    expect(page.locator("#hold")).to_be_visible()
    axe_clean(page)


def test_a_queue_closes_when_the_role_ends(
    page: Page, waiting: list[Ticket], femi: User, ada: User
) -> None:
    sign_in(page, femi)
    page.goto(QUEUE)
    expect(page.locator(f"#open-{waiting[0].number}")).to_be_visible()
    end_grant(actor=ada, grant=RoleGrant.objects.get(user=femi))
    expect(page.get_by_text("You can no longer see all of this page.")).to_be_visible()
    expect(page.locator(f"#open-{waiting[0].number}")).to_have_count(0)
    expect(page.locator("[data-live]")).to_have_count(0)

"""Two colleagues in one queue: several tickets at once, holding, mentioning and taking over."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from backoffice.tickets.actions import take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from officeflow.staff.models import User
from tests.journeys.conftest import address_of, axe_clean, by_hand, sign_in

QUEUE = "/office/queue/fulfilment/"


def test_several_tickets_are_taken_and_one_is_held_by_keyboard(
    page: Page, waiting: list[Ticket], femi: User
) -> None:
    sign_in(page, femi)
    page.goto(QUEUE)
    # x selects a row, Shift+X the rows up to this one; t takes all of them.
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    axe_clean(page)
    page.keyboard.press("t")
    expect(page.get_by_text("You took 2 tickets.")).to_be_visible()
    # One of them is put on hold.
    page.goto(f"/office/tickets/{waiting[0].number}/")
    page.keyboard.press("h")
    page.wait_for_url("**/hold/")
    axe_clean(page, themes=("dark",))
    page.keyboard.type("The supplier sends it on Thursday.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{QUEUE}")
    page.goto(f"{QUEUE}?tab=held")
    page.locator(f"#open-{waiting[0].number}").click()
    expect(page.get_by_text("The supplier sends it on Thursday.").first).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_text("resumed the ticket")).to_be_visible()
    expect(page.get_by_text("Assigned to you")).to_be_visible()
    waiting[0].refresh_from_db()
    assert (waiting[0].state, waiting[0].assignee) == (TicketState.TAKEN, femi)


def test_a_person_sees_that_their_ticket_is_taken_over(
    page: Page, waiting: list[Ticket], femi: User, fay: User
) -> None:
    ticket = waiting[0]
    take_ticket(actor=femi, ticket=ticket)
    address = f"{address_of(page)}/office/tickets/{ticket.number}/"
    # Fay has her own window.
    sign_in(page, femi)
    page.goto(address)
    hers = page.context.browser.new_context()  # type: ignore[union-attr]
    other = hers.new_page()
    by_hand(other)
    other.goto(address_of(page) + "/healthz")
    sign_in(other, fay)
    other.goto(address)
    expect(other.get_by_text("Femi Fulfilment is looking at this too")).to_be_visible()
    other.keyboard.press("m")
    other.keyboard.type("I have room for it, @fe")
    other.get_by_role("option", name="Femi Fulfilment").wait_for()
    other.keyboard.press("Enter")
    other.keyboard.press("Control+Enter")
    expect(other.get_by_text("I have room for it, @femi")).to_be_visible()
    axe_clean(other)
    other.keyboard.press("s")
    other.wait_for_url("**/take-over/")
    expect(other.get_by_label("Message to your colleague")).to_be_focused()
    other.keyboard.type("Go home.")
    other.keyboard.press("Control+Enter")
    expect(other.get_by_text("Assigned to you", exact=True)).to_be_visible()
    # Femi's window refreshes itself and shows the notification.
    expect(page.locator("#ticket-bar")).to_contain_text("Fay Fulfilment")
    expect(page.locator("#notification-menu")).to_contain_text("2")
    page.goto("/notifications/")
    expect(page.get_by_text("Fay Fulfilment took over your ticket")).to_be_visible()
    expect(page.get_by_text("Go home.")).to_be_visible()
    axe_clean(page)
    other.close()
    hers.close()

"""What is typed is not lost: without a connection, after the session ended, by leaving."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.drafts.models import Draft
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in
from tests.journeys.test_order_journey import choose, expect_focus

PASSWORD = "a long password, 12"
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_typed_order_survives_a_lost_connection_and_a_lost_session(
    page: Page, rita: User, mug: Product
) -> None:
    rita.set_password(PASSWORD)
    rita.save()
    sign_in(page, rita)
    page.goto("/desk/orders/new/")
    page.keyboard.press("Enter")
    choose(page, "mug")
    expect_focus(page, "#id_line-0-quantity")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast--warning")).to_contain_text("nothing was sent")
    page.context.set_offline(False)
    page.context.clear_cookies(name="sessionid")
    page.keyboard.type("3")
    expect(page.locator(".toast--warning").last).to_contain_text("signed out")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("It is kept for Rita")).to_be_visible()
    axe_clean(page)
    page.keyboard.type("rita")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Order for a walk-in: MUG Blue mug, begun")).to_be_visible()
    axe_clean(page)
    assert not Order.objects.exists()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    assert [str(line) for line in Order.objects.get().lines.all()] == ["3 × Blue mug"]


def test_typing_survives_a_reload_a_menu_link_and_back_and_ends_when_it_is_sent(
    page: Page, rita: User, mug: Product
) -> None:
    sign_in(page, rita)
    page.goto("/desk/orders/new/")
    page.keyboard.press("Enter")
    choose(page, "mug")
    expect_focus(page, "#id_line-0-quantity")
    page.keyboard.type("3")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Quantity").first).to_have_value("3")
    page.get_by_label("Note for the back office").fill("Wrap it")
    # Left before the pause is over.
    page.get_by_role("link", name="Leave without placing").click()
    page.get_by_role("link", name="1 draft that you have not sent yet").click()
    axe_clean(page)
    page.get_by_role("link", name="Continue: Order for a walk-in").click()
    expect(page.get_by_label("Note for the back office")).to_have_value("Wrap it")
    page.goto("/desk/customers/")
    page.go_back()
    expect(page.get_by_label("Note for the back office")).to_have_value("Wrap it")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    assert not Draft.objects.unfinished().exists()


def test_an_old_window_is_told_and_asks_which_text_stays(page: Page, rita: User) -> None:
    sign_in(page, rita)
    page.goto("/desk/customers/new/")
    page.get_by_label("Note").fill("first")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Note").fill("newer")
    expect(other.get_by_text("Kept as a draft")).to_be_visible()
    page.get_by_label("Note").fill("old")
    expect(page.get_by_text("another window has newer text")).to_be_visible()
    axe_clean(page)
    page.get_by_role("button", name="Keep this text instead").click()
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    other.reload()
    expect(other.get_by_label("Note")).to_have_value("old")
    other.get_by_label("Note").fill("newest")
    expect(other.get_by_text("Kept as a draft")).to_be_visible()
    page.get_by_label("Note").fill("mine")
    page.get_by_role("link", name="Show the newer text").click()
    expect(page.get_by_label("Note")).to_have_value("newest")
    expect(page.locator("[data-draft-choice]")).to_be_hidden()


def test_typing_is_there_after_back_and_forward_and_after_a_quick_reload(
    page: Page, rita: User, mug: Product
) -> None:
    sign_in(page, rita)
    page.goto("/desk/")
    page.keyboard.press("n")
    expect_focus(page, "#id_customer_name")
    page.keyboard.press("Enter")
    choose(page, "mug")
    expect_focus(page, "#id_line-0-quantity")
    page.keyboard.type("9")
    page.go_back()
    page.go_forward()
    expect(page.get_by_label("Quantity").first).to_have_value("9")
    # The newest words, although their save may arrive after the page is asked for again.
    page.get_by_label("Note for the back office").fill("Wrap it")
    page.reload()
    expect(page.get_by_label("Note for the back office")).to_have_value("Wrap it")
    expect(page.get_by_label("Quantity").first).to_have_value("9")
    assert Draft.objects.unfinished().count() == 1
    page.get_by_label("Note for the back office").fill("Wrap it twice")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    assert not Draft.objects.unfinished().exists()
    assert Order.objects.get().note == "Wrap it twice"


def test_typing_that_did_not_arrive_is_deleted_for_another_person(
    page: Page, rita: User, ravi: User
) -> None:
    sign_in(page, rita)
    page.goto("/desk/complaints/new/")
    page.route("**/drafts/save/", lambda route: route.abort())
    page.get_by_label("What happened?").fill("A chipped mug")
    page.goto("/desk/")
    assert "A+chipped+mug" in page.evaluate("JSON.stringify(sessionStorage)")
    sign_in(page, ravi)
    page.goto("/desk/")
    expect(page.locator("body[data-person]")).to_be_visible()
    page.wait_for_function("!JSON.stringify(sessionStorage).includes('chipped')")

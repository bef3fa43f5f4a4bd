"""The project's scripts and styles in a real browser, on the style guide."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request, Response, Route, expect

from officeflow.company.models import Office
from officeflow.staff.models import User
from tests.journeys.conftest import axe_clean, sign_in

PHONE = {"width": 390, "height": 844}
ON_SIZES = {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "label"]}


@pytest.fixture
def guide(page: Page, rita: User) -> Page:
    """The style guide, opened by a receptionist."""
    sign_in(page, rita)
    page.goto(reverse("styleguide"))
    return page


def theme(page: Page) -> str:
    return page.evaluate("document.documentElement.dataset.theme ?? 'system'")


def test_every_component_is_accessible_in_light_and_dark(guide: Page) -> None:
    axe_clean(guide, themes=("light", "dark"))
    guide.set_viewport_size(PHONE)  # type: ignore[arg-type]
    axe_clean(guide, rules=ON_SIZES)


def test_no_width_needs_horizontal_scrolling(guide: Page) -> None:
    for width in (320, 390, 768, 1024, 1440):
        guide.set_viewport_size({"width": width, "height": 900})
        assert guide.evaluate("document.documentElement.scrollWidth") <= width


def test_the_sign_in_page_is_accessible(page: Page, office: Office) -> None:
    page.goto(reverse("staff:sign-in"))
    axe_clean(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    axe_clean(page)


def test_a_chosen_theme_stays_on_every_page(guide: Page) -> None:
    guide.locator("summary.menu__button").click()
    guide.get_by_role("button", name="Dark", exact=True).click()
    assert theme(guide) == "dark"
    guide.reload()
    assert theme(guide) == "dark"
    guide.locator("summary.menu__button").click()
    guide.get_by_role("button", name="System", exact=True).click()
    guide.reload()
    assert theme(guide) == "system"


def test_the_drawer_takes_and_returns_the_focus(guide: Page) -> None:
    guide.set_viewport_size(PHONE)  # type: ignore[arg-type]
    opener = guide.get_by_role("button", name="Open navigation")
    opener.click()
    expect(guide.get_by_role("button", name="Close navigation")).to_be_focused()
    assert guide.evaluate("document.querySelector('.shell__main').inert") is True
    guide.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(guide.get_by_role("navigation", name="Main")).to_be_hidden()


def test_question_mark_opens_the_shortcuts_and_slash_the_search(guide: Page) -> None:
    guide.keyboard.press("?")
    sheet = guide.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    axe_clean(guide, within={"include": ["#shortcuts"]})
    of_page = sheet.locator("[data-shortcut-named]")
    expect(of_page.locator("dt")).to_have_text(["New order", "New complaint"])
    expect(of_page.locator("kbd")).to_have_text(["n", "c"])
    guide.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    guide.keyboard.press("/")
    expect(guide.locator("#global-search")).to_be_focused()


def test_shortcuts_do_not_work_in_a_text_field(guide: Page) -> None:
    name = guide.locator("#light-fresh-name")
    name.focus()
    guide.keyboard.type("no? g/c")
    expect(name).to_have_value("no? g/c")
    expect(guide.get_by_role("dialog")).to_have_count(0)


def test_single_key_shortcuts_can_be_switched_off(guide: Page) -> None:
    guide.keyboard.press("?")
    guide.get_by_label("Single keys work as shortcuts").uncheck()
    guide.keyboard.press("Escape")
    guide.reload()
    guide.keyboard.press("/")
    expect(guide.locator("#global-search")).not_to_be_focused()


def test_the_combobox_works_by_keyboard(guide: Page) -> None:
    box = guide.locator("#light-fresh-product")
    box.focus()
    guide.keyboard.type("p")
    options = guide.locator("[role=option]")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    guide.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert active == options.nth(1).get_attribute("id")
    guide.keyboard.press("Enter")
    expect(box).to_have_value("Ballpoint pen, blue")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_the_combobox_marks_matches_and_names_an_empty_result(guide: Page) -> None:
    box = guide.locator("#light-fresh-product")
    box.focus()
    guide.keyboard.type("cyan")
    expect(guide.locator("[role=option] mark")).to_have_text(["cyan"])
    guide.keyboard.type("zz")
    expect(guide.locator(".combobox__note").first).to_have_text("Nothing found")
    guide.keyboard.press("Escape")
    expect(box).to_have_value("cyanzz")


def answer(page: Page, held: list[Route]) -> None:
    """Lets the last request go on, once the handler of requests has it."""
    for _ in range(200):
        if held:
            return held[-1].continue_()
        page.wait_for_timeout(20)
    raise AssertionError("no request was held")


def test_enter_before_the_answer_chooses_an_exact_match_alone(guide: Page) -> None:
    held: list[Route] = []
    box = guide.locator("#light-fresh-product")
    box.focus()
    guide.route("**/styleguide/lookup/**", lambda route: held.append(route))
    with guide.expect_request("**/styleguide/lookup/**"):
        guide.keyboard.type("chair")
        guide.keyboard.press("Enter")
    answer(guide, held)
    expect(guide.locator("[role=option]").first).to_be_visible()
    expect(box).to_have_value("chair")
    guide.keyboard.press("Enter")
    expect(box).to_have_value("Office chair, oak")


def test_enter_chooses_nothing_from_an_outdated_list(guide: Page) -> None:
    held: list[Route] = []
    box = guide.locator("#light-fresh-product")
    box.focus()
    guide.keyboard.type("c")
    expect(guide.locator("[role=option]").first).to_have_attribute("aria-selected", "true")
    guide.route("**/styleguide/lookup/**", lambda route: held.append(route))
    with guide.expect_request("**/styleguide/lookup/**"):
        guide.keyboard.type("hair")
        guide.keyboard.press("Enter")
    expect(box).to_have_value("chair")
    answer(guide, held)
    expect(guide.locator("[role=option]").first).to_contain_text("chair")
    expect(box).to_have_value("chair")


def test_a_stale_answer_of_the_combobox_never_overwrites_a_newer_one(guide: Page) -> None:
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if not held:
            held.append(route)  # the first request gets a late answer
        else:
            route.continue_()

    guide.route("**/styleguide/lookup/**", hold_first)
    box = guide.locator("#light-fresh-product")
    box.focus()
    with guide.expect_request("**/styleguide/lookup/**"):
        guide.keyboard.type("p")
    guide.keyboard.type("aper")
    expect(guide.locator("[role=option]")).to_have_count(1)
    held[0].fulfill(json={"results": [{"id": "X", "label": "Stale", "hint": ""}]})
    expect(guide.locator("[role=option]")).to_contain_text(["Copy paper"])


def test_an_unchanged_live_part_gets_304_and_a_changed_one_keeps_the_focus(guide: Page) -> None:
    link = guide.locator("#sample-live-link")
    link.focus()
    before = guide.locator("#sample-live").get_attribute("data-etag")

    def unchanged(response: Response) -> bool:
        return "/styleguide/clock/" in response.url and response.status == 304

    with guide.expect_response(unchanged) as answer:
        pass
    assert answer.value.request.headers["if-none-match"].startswith('"')
    expect(guide.locator("#sample-live")).not_to_have_attribute("data-etag", before or "")
    expect(guide.locator("#sample-live-link")).to_be_focused()


def test_a_live_part_does_not_refresh_while_someone_types_in_it(guide: Page) -> None:
    def of_the_clock(request: Request) -> bool:
        return "/styleguide/clock/" in request.url

    note = guide.locator("#sample-live-note")
    note.focus()
    asked: list[str] = []
    guide.on(
        "request", lambda request: asked.append(request.url) if of_the_clock(request) else None
    )
    guide.keyboard.type("half a thought", delay=180)  # longer than two of its polls
    assert asked == []
    expect(note).to_have_value("half a thought")
    with guide.expect_request(of_the_clock):
        note.blur()


def test_a_form_pressed_twice_is_sent_once(page: Page, office: Office) -> None:
    page.goto(reverse("staff:sign-in"))
    let_through = page.evaluate(
        """() => {
            let count = 0;
            window.addEventListener("submit", (event) => {
                if (!event.defaultPrevented) count += 1;
                event.preventDefault();
            });
            const form = document.querySelector("form[data-submit-once]");
            form.requestSubmit();
            form.requestSubmit();
            return count;
        }"""
    )
    assert let_through == 1


def test_a_toast_can_be_closed(guide: Page) -> None:
    guide.get_by_role("button", name="Show a toast").click()
    toast = guide.locator("#toasts").get_by_role("status")
    expect(toast).to_contain_text("Order placed.")
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)

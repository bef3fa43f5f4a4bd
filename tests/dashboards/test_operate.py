"""Replaying a dead hand-off and setting it aside, with a confirmation and a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from frontdesk.complaints.models import Complaint
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.models import Order
from officeflow.dashboards.views import dead_letters as views
from officeflow.dashboards.visibility import CONTRACT_LABELS
from officeflow.handoff.actions import replay, replay_some
from officeflow.handoff.applying import draining
from officeflow.handoff.clock import office_now
from officeflow.handoff.contracts import CONTRACTS
from officeflow.handoff.models import Handoff, HandoffState, Intervention
from officeflow.staff.models import User
from officeflow.ui.paging import page_of

pytestmark = pytest.mark.django_db

As = Callable[[User], Client]
DEAD = "/dashboards/handoffs/dead/"
URL_NAMES = ["handoff-replay", "handoff-discard"]


@pytest.fixture
def dead(order: Callable[[], Order], killed: Callable[[str, str], Handoff]) -> Handoff:
    order()
    return killed("OrderPlaced", "accounting")


def act(browser: Client, name: str, dead: Handoff, reason: str = "Mended"):  # type: ignore[no-untyped-def]
    return browser.post(reverse(f"dashboards:{name}", args=[dead.pk]), {"reason": reason})


def test_a_replayed_handoff_is_applied(dead: Handoff, as_: As, maya: User) -> None:
    response = act(as_(maya), "handoff-replay", dead)
    assert response.status_code == 302
    draining.drain()
    dead.refresh_from_db()
    assert dead.state == HandoffState.APPLIED


def test_setting_aside_is_for_good(dead: Handoff, as_: As, maya: User) -> None:
    act(as_(maya), "handoff-discard", dead, "Billed by hand")
    dead.refresh_from_db()
    assert dead.state == HandoffState.DISCARDED
    page = as_(maya).get(reverse("dashboards:handoff", args=[dead.pk])).content.decode()
    assert "Billed by hand" in page
    assert "Maya Manager" in page


@pytest.mark.parametrize("name", URL_NAMES)
def test_asking_first_changes_nothing(name: str, dead: Handoff, as_: As, maya: User) -> None:
    page = as_(maya).get(reverse(f"dashboards:{name}", args=[dead.pk]))
    assert page.status_code == 200
    dead.refresh_from_db()
    assert dead.state == HandoffState.DEAD


def test_a_dead_handoff_and_what_waits_for_it_lead_to_each_other(
    dead: Handoff, as_: As, maya: User, rita: User
) -> None:
    cancel_order(actor=rita, order=Order.objects.get(), reason="Changed her mind.")
    behind = Handoff.objects.get(contract="OrderCancelled", destination="accounting")
    addresses = [reverse("dashboards:handoff", args=[each.pk]) for each in (dead, behind)]
    page = as_(maya).get(addresses[0]).text
    assert "1 later hand-off waits behind it." in page
    assert f"/desk/orders/{dead.subject}/" in page
    assert addresses[0] in as_(maya).get(addresses[1]).text
    assert "1 later hand-off" in as_(maya).get(f"{addresses[0]}discard/").text


@pytest.mark.parametrize("name", URL_NAMES)
@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_without_a_reason_the_form_comes_back_with_what_was_typed(
    name: str, reason: str, dead: Handoff, as_: As, maya: User
) -> None:
    page = act(as_(maya), name, dead, reason)
    assert page.status_code == 422
    assert b"aria-describedby" in page.content
    assert reason.strip().encode() in page.content
    dead.refresh_from_db()
    assert dead.state == HandoffState.DEAD


@pytest.mark.parametrize("name", URL_NAMES)
def test_the_second_operator_sees_who_was_first(
    name: str, dead: Handoff, as_: As, maya: User, ada: User
) -> None:
    replay(actor=ada, handoff=dead, reason="Mended")
    response = act(as_(maya), name, dead)
    (message,) = get_messages(response.wsgi_request)
    assert message.message == "Ada Administrator has already replayed it."
    assert Intervention.objects.count() == 1


@pytest.mark.parametrize("name", URL_NAMES)
def test_a_waiting_handoff_cannot_be_operated_on(
    name: str, order: Callable[[], Order], as_: As, maya: User
) -> None:
    order()
    waiting = Handoff.objects.earliest("id")
    assert as_(maya).get(reverse(f"dashboards:{name}", args=[waiting.pk])).status_code == 302
    act(as_(maya), name, waiting)
    waiting.refresh_from_db()
    assert waiting.state == HandoffState.WAITING


@pytest.mark.parametrize("name", URL_NAMES)
@pytest.mark.parametrize("who", ["rita", "hanna", "nils"])
def test_nobody_else_may(
    name: str, who: str, request: pytest.FixtureRequest, dead: Handoff, as_: As
) -> None:
    assert act(as_(request.getfixturevalue(who)), name, dead).status_code == 403
    dead.refresh_from_db()
    assert dead.state == HandoffState.DEAD


@pytest.mark.parametrize("pk", ["999999", "999999999999999999", "9" * 30])
def test_an_unknown_handoff_is_a_404(pk: str, as_: As, maya: User, office: object) -> None:
    browser = as_(maya)
    for tail in ("", "replay/", "discard/"):
        assert browser.get(f"/dashboards/handoffs/{pk}/{tail}").status_code == 404


def test_hrs_is_replayed_without_being_seen(
    conduct: Complaint, killed: Callable[[str, str], Handoff], as_: As, maya: User
) -> None:
    dead = killed("ComplaintRaised", "hr")
    browser = as_(maya)
    address = reverse("dashboards:handoff", args=[dead.pk])
    replaying = reverse("dashboards:handoff-replay", args=[dead.pk])
    paths = ["/dashboards/handoffs/", "/dashboards/handoffs/dead/", address, replaying]
    for path in paths:
        page = re.sub("<option.*?</option>", "", browser.get(path).content.decode())
        for word in (conduct.number, "Complaint raised", "shouted", "Nora", "Rita"):
            assert word not in page, (path, word)
    assert "A hand-off to HR" in page
    act(browser, "handoff-replay", dead)
    assert draining.drain() >= 1
    dead.refresh_from_db()
    assert dead.state == HandoffState.APPLIED


def test_the_list_of_dead_handoffs_is_paginated_by_key(
    dead: Handoff, as_: As, maya: User, monkeypatch: pytest.MonkeyPatch, order, killed
) -> None:
    order()
    newest = killed("OrderPlaced", "accounting")
    monkeypatch.setattr(views, "page_of", partial(page_of, size=1))
    browser = as_(maya)
    first = browser.get(DEAD).content.decode()
    assert f"/dashboards/handoffs/{newest.pk}/" in first
    assert f"?after={newest.pk}" in first
    second = browser.get(f"{DEAD}?after={newest.pk}").content.decode()
    assert f"/dashboards/handoffs/{dead.pk}/" in second
    assert browser.get(f"{DEAD}?after=nonsense").status_code == 200


def test_dead_handoffs_are_filtered(dead: Handoff, as_: As, maya: User) -> None:
    browser = as_(maya)

    def is_there(asked: str) -> bool:
        page = browser.get(f"{DEAD}?{asked}").content.decode()
        return f"/dashboards/handoffs/{dead.pk}/" in page

    assert is_there("destination=accounting&contract=OrderPlaced&error=CANNOT+be")
    assert is_there("from=2020-01-01&to=2099-01-01")
    for asked in ("destination=hr", "contract=PaymentTaken", "error=shelf", "to=2020-01-01"):
        assert not is_there(asked), asked
    assert browser.get(f"{DEAD}?destination=cellar&error=%25").status_code == 422


def test_all_that_match_are_counted_and_then_replayed(
    dead: Handoff, as_: As, maya: User, monkeypatch: pytest.MonkeyPatch, order, killed
) -> None:
    order()
    killed("OrderPlaced", "fulfilment")
    order()
    killed("OrderPlaced", "accounting")
    monkeypatch.setattr(views, "replay_some", partial(replay_some, limit=1))
    browser, address = as_(maya), f"{DEAD}replay/?destination=accounting"
    page = browser.get(address).content.decode()
    assert "Replay 2 hand-offs?" in page
    assert HandoffState.WAITING not in Handoff.objects.values_list("state", flat=True)
    refused = browser.post(address, {"reason": " "})
    assert refused.status_code == 422
    first = browser.post(address, {"reason": "Mended"}).content.decode()
    assert "1 of 2 replayed" in first
    (since,) = re.findall(r'name="since" value="([^"]+)"', first)
    again = {"reason": "Mended", "since": unescape(since)}
    last = browser.post(address, again).content.decode()
    assert "2 of 2 replayed" in last
    assert "They are on their way" in last
    assert "2 of 2 replayed" in browser.post(address, again).content.decode()
    assert Handoff.objects.get(state=HandoffState.DEAD).destination == "fulfilment"
    assert Intervention.objects.count() == 2


def test_a_handoff_that_dies_again_is_reported_and_not_replayed_for_ever(
    dead: Handoff, as_: As, maya: User
) -> None:
    browser, address = as_(maya), f"{DEAD}replay/"
    since = office_now().isoformat()
    browser.post(address, {"reason": "Mended", "since": since})
    Handoff.objects.filter(pk=dead.pk).update(state=HandoffState.DEAD)
    page = browser.post(address, {"reason": "Mended", "since": since}).content.decode()
    assert "1 of them is dead again" in page
    assert Intervention.objects.count() == 1


@pytest.mark.parametrize("asked", ["destination=cellar", "to=yesterday"])
def test_an_invalid_filter_replays_nothing(asked: str, dead: Handoff, as_: As, maya: User) -> None:
    assert as_(maya).post(f"{DEAD}replay/?{asked}", {"reason": "Mended"}).status_code == 422
    dead.refresh_from_db()
    assert dead.state == HandoffState.DEAD


def test_a_filter_reveals_nothing_of_hr(
    conduct: Complaint, killed: Callable[[str, str], Handoff], as_: As, maya: User
) -> None:
    dead = killed("ComplaintRaised", "hr")
    browser = as_(maya)
    for asked in ("contract=ComplaintRaised", "error=PermanentError"):
        for path in (DEAD, f"{DEAD}replay/"):
            page = browser.get(f"{path}?{asked}").content.decode()
            assert "only HR may see" in page or "No dead hand-off matches" in page
            assert f"/dashboards/handoffs/{dead.pk}/" not in page
        browser.post(f"{DEAD}replay/?{asked}", {"reason": "Mended"})
    dead.refresh_from_db()
    assert dead.state == HandoffState.DEAD
    page = browser.get(f"{DEAD}replay/").content.decode()
    assert "A hand-off to HR" in page
    for word in (conduct.number, "Complaint raised", "ComplaintRaised"):
        assert word not in page
    browser.post(f"{DEAD}replay/", {"reason": "Mended"})
    dead.refresh_from_db()
    assert dead.state == HandoffState.WAITING


def test_every_contract_has_words_for_people() -> None:
    assert set(CONTRACT_LABELS) == set(CONTRACTS)

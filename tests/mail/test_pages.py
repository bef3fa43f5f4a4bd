"""The pages of the mailbox and of the wordings."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.mail import send_mail
from django.test import Client

from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.messages import PLACED
from frontdesk.orders.models import Order
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.errors import Conflict, Refused
from officeflow.mail import panel, queries
from officeflow.mail.actions import resend_message
from officeflow.mail.checks import mail_is_set_up
from officeflow.mail.events import MailEvent, events
from officeflow.mail.models import Message, MessageEvent, MessageText
from officeflow.mail.staff_events import INVITATION
from officeflow.mail.states import MessageState
from officeflow.mail.wording import Wording, check, default_wording
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("text", ["so {n}", "nora@", "Nordmann", "CU-", "MS-"])
def test_a_message_is_found_by_number_name_or_address(
    mailbox: None, rita: User, placed: Order, text: str
) -> None:
    wanted = text.replace("{n}", placed.number.removeprefix("SO-"))
    if text == "CU-":
        wanted = placed.customer.number  # type: ignore[union-attr]
    if text == "MS-":
        wanted = Message.objects.get().number
    client = client_of(rita)
    assert placed.number in client.get("/desk/messages/", {"text": wanted}).content.decode()
    nothing = client.get("/desk/messages/", {"text": "nobody"}).content.decode()
    assert "No messages found" in nothing
    assert "No messages found" in client.get("/desk/messages/?state=failed").content.decode()


def test_the_desk_sees_that_a_customer_without_an_address_gets_no_messages(
    mailbox: None, rita: User, nora: Customer, mug: Product
) -> None:
    lines = [NewLine(product=mug, quantity=Decimal(1))]
    Customer.objects.filter(pk=nora.pk).update(email="")
    order = place_order(actor=rita, customer=nora, lines=lines)
    page = client_of(rita).get(f"/desk/orders/{order.number}/").content.decode()
    assert f"{nora.name} has no e-mail address" in page
    walk_in = place_order(actor=rita, customer=None, lines=lines)
    page = client_of(rita).get(f"/desk/orders/{walk_in.number}/").content.decode()
    assert "no e-mail address" not in page


def test_the_number_of_queries_does_not_grow_with_the_messages(
    mailbox: None,
    rita: User,
    nora: Customer,
    mug: Product,
    placed: Order,
    django_assert_num_queries: Callable[..., object],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = client_of(rita)
    client.get("/desk/messages/")
    with django_assert_max_num_queries(25) as few:  # type: ignore[attr-defined]
        client.get("/desk/messages/")
    for _each in range(5):
        place_order(actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))])
    with django_assert_num_queries(len(few)):  # type: ignore[attr-defined]
        client.get("/desk/messages/")


def test_a_message_is_sent_again_to_a_corrected_address_with_a_reason(
    mailbox: None, rita: User, placed: Order, drain: Drain
) -> None:
    first = Message.objects.get()
    with pytest.raises(Conflict):
        resend_message(actor=rita, message=first, to_address="a@example.org", reason="Typo")
    drain()
    for values in ({"to_address": "nora@home", "reason": "Typo"}, {"to_address": "n@example.org"}):
        answer = client_of(rita).post(f"/desk/messages/{first.number}/resend/", values)
        assert answer.status_code == 422
        assert values["to_address"] in answer.content.decode()
    client_of(rita).post(
        f"/desk/messages/{first.number}/resend/",
        {"to_address": "n@example.org", "reason": "Typo"},
    )
    second = Message.objects.exclude(pk=first.pk).get()
    assert (second.resends, second.to_address) == (first, "n@example.org")
    assert second.body == first.body
    entry = AuditEntry.objects.get(action="resend_message")
    assert entry.changes["to_address"] is None
    with pytest.raises(Conflict, match="already sending"):
        resend_message(actor=rita, message=first, to_address="a@example.org", reason="Typo")


def test_the_pages_say_when_mail_is_off(rita: User, office: object) -> None:
    assert "Mail is off" in client_of(rita).get("/desk/messages/").content.decode()
    (info,) = mail_is_set_up(None)
    assert not info.is_serious()


def test_mail_sent_with_send_mail_is_stored_as_secret(
    mailbox: None, rita: User, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "officeflow.mail.backends.MailboxBackend")
    send_mail("A word", "Between us", None, ["ravi@example.org"])
    kept = Message.objects.get()
    assert (kept.state, kept.body) == (MessageState.KEPT, "")
    assert queries.find_message(rita, kept.number) is None
    assert queries.find_message(ada, kept.number) == kept


# --- the wordings -----------------------------------------------------------------------------

OWN = {"subject": "Thanks, {customer}", "body": "We have {order}."}


def save(client: Client, **fields: str) -> object:
    body = {"version": "0", "language": "en", **OWN, **fields}
    return client.post("/administration/messages/order_placed/", body)


def test_an_own_wording_is_sent_until_it_is_reset(
    mailbox: None, ada: User, rita: User, nora: Customer, mug: Product
) -> None:
    client = client_of(ada)
    assert save(client).status_code == 302  # type: ignore[attr-defined]
    lines = [NewLine(product=mug, quantity=Decimal(1))]
    place_order(actor=rita, customer=nora, lines=lines)
    assert Message.objects.get().subject == "Thanks, Nora Nordmann"
    client.post("/administration/messages/order_placed/reset/", {"version": "1", "language": "en"})
    place_order(actor=rita, customer=nora, lines=lines)
    assert Message.objects.latest("pk").subject.startswith("Your order SO-")
    actions = AuditEntry.objects.filter(subject="order_placed").values_list("action", flat=True)
    assert list(actions) == ["change_wording", "reset_wording"]


def test_a_simultaneous_change_shows_both_wordings(ada: User, office: object) -> None:
    client = client_of(ada)
    save(client)
    stale = save(client, subject="Mine, {customer}")
    assert stale.status_code == 409  # type: ignore[attr-defined]
    html = stale.content.decode()  # type: ignore[attr-defined]
    assert "Thanks, {customer}" in html
    assert "Mine, {customer}" in html
    assert MessageText.objects.get().subject == "Thanks, {customer}"
    again = client.post(
        "/administration/messages/order_placed/reset/", {"version": "0", "language": "en"}
    )
    assert again.status_code == 302
    assert MessageText.objects.get().is_own


@pytest.mark.parametrize(
    ("subject", "body", "words"),
    [
        ("", "Text", "Enter a subject"),
        ("Thanks", "Dear {costumer}", "{costumer} cannot be used"),
        ("Thanks", "Dear {customer", "has no counterpart"),
        ("Thanks {link}", "Dear", "{link} cannot be used"),
    ],
)
def test_an_invalid_wording_is_refused_beside_its_field(
    ada: User, office: object, subject: str, body: str, words: str
) -> None:
    answer = save(client_of(ada), subject=subject, body=body)
    assert answer.status_code == 422 or not subject  # type: ignore[attr-defined]
    html = answer.content.decode()  # type: ignore[attr-defined]
    assert body in html
    if subject:
        assert words in html
    with pytest.raises(Refused, match=words.replace("{", r"\{").replace("}", r"\}")):
        check(PLACED, Wording(subject, body))


def test_a_text_repeats_a_placeholder_a_few_times_at_most() -> None:
    body = "{link}\n" * 3
    assert check(INVITATION, Wording("Hello", body)).body == body.strip()
    with pytest.raises(Refused, match=r"Use \{link\} at most 3 times"):
        check(INVITATION, Wording("Hello", body + "{link}"))


def test_an_invitation_must_contain_its_link() -> None:
    with pytest.raises(Refused, match="must contain"):
        check(INVITATION, Wording("Come in", "Hello {name}"))


@pytest.mark.parametrize(
    "body", ["https://other.example/?u={link}", "{link}/x", "Open <{link}>.", "{link} x{link}"]
)
def test_nothing_joins_a_secret_link(body: str) -> None:
    with pytest.raises(Refused, match="on a line of its own"):
        check(INVITATION, Wording("Come in", body))
    # One from before this was checked is not sent.
    event = MessageEvent.objects.get(code=INVITATION.code)
    MessageText.objects.create(event=event, language="en", is_own=True, subject="s", body=body)
    assert queries.wording_to_send(INVITATION, "en") == default_wording(INVITATION, "en")


@pytest.mark.parametrize("event", [each for each in events() if each.is_secret])
def test_the_standard_wordings_can_be_saved(event: MailEvent) -> None:
    for language in dict(settings.TEXT_LANGUAGES):
        check(event, default_wording(event, language))


def test_the_preview_is_in_the_offices_own_money(ada: User, office: object) -> None:
    Office.objects.update(currency="EUR")
    words = {"subject": "Thanks", "body": "{lines} / {total}"}
    html = (
        client_of(ada)
        .post("/administration/messages/order_placed/preview/", words)
        .content.decode()
    )
    assert "€69.50" in html
    assert "£" not in html


def test_the_preview_shows_samples_and_the_error(ada: User, office: object) -> None:
    client = client_of(ada)
    good = client.post("/administration/messages/order_placed/preview/", OWN).content.decode()
    assert "Thanks, Nora Nordmann" in good
    assert "The Paper Lantern" in good
    bad = client.post("/administration/messages/order_placed/preview/", {**OWN, "body": "{x}"})
    assert "{x} cannot be used" in bad.content.decode()


def test_a_stale_switch_is_refused(ada: User, office: object) -> None:
    client = client_of(ada)
    for _press in range(2):
        client.post("/administration/messages/order_placed/switch/", {"is_on": "0", "version": "1"})
    (line,) = [each for each in queries.wordings() if each.event == PLACED]
    assert (line.is_on, line.version) == (False, 2)
    client.post("/administration/messages/staff_invitation/switch/", {"is_on": "0", "version": "1"})
    assert all(each.is_on for each in queries.wordings() if each.event == INVITATION)
    assert "Failed" not in client.get("/administration/messages/").content.decode()


def test_the_panel_of_a_page_has_the_version_of_the_list(
    mailbox: None, rita: User, placed: Order, drain: Drain
) -> None:
    waiting = panel.about(rita, placed.number)["version"]
    assert waiting == panel.version(rita, placed.number)
    drain()
    sent = panel.about(rita, placed.number)["version"]
    assert sent == panel.version(rita, placed.number) != waiting
    assert panel.about(rita, "SO-000009")["version"] == panel.version(rita, "SO-000009")

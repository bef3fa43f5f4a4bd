"""The second factor: set up by the person, asked for after the password, used once, reset."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode
from knox.models import AuthToken

from officeflow.audit.models import AuditEntry
from officeflow.company.models import Office
from officeflow.errors import Conflict
from officeflow.permissions import Role
from officeflow.second_factor import actions, codes
from officeflow.second_factor.models import RecoveryCode, SecondFactor
from officeflow.staff import resets
from officeflow.staff.actions import change_password, end_grant, grant_role
from officeflow.staff.models import User, UserSession
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
CODE, SET_UP = "/sign-in/code/", "/you/second-factor/"
NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")


@pytest.fixture(autouse=True)  # before the people, whose roles begin when they are hired
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def code_of(key: str) -> str:
    return pyotp.TOTP(key).at(timezone.now())


def enrol(user: User, clock) -> tuple[str, list[str]]:
    """Sets a factor up; returns its key and the recovery codes."""
    key = codes.new_key()
    made = actions.add_second_factor(actor=user, key=key, code=code_of(key))
    clock.shift(timedelta(minutes=1))
    return key, made


def sign_in(user: User, client: Client | None = None) -> Client:
    client = client or Client()
    answer = client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def shown_key(page: str) -> tuple[str, str]:
    """Returns the key and the signed enrolment that the page of the set-up shows."""
    key = re.search(r"data-key>([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    return key, re.search(r'name="enrolment" value="([^"]+)"', page)[1]


def enter(client: Client, code: str):
    return client.post(CODE, {"code": code})


def test_a_person_sets_a_factor_up_and_signs_in_with_it(rita: User, clock) -> None:
    client = sign_in(rita)
    page = client.get(SET_UP).content.decode()
    key, enrolment = shown_key(page)
    assert "<svg" in page
    sent = {"enrolment": enrolment, "password": PASSWORD}
    assert client.post(SET_UP, {**sent, "code": "000000"}).status_code == 422
    assert client.post(SET_UP, {**sent, "code": code_of(key), "password": "x"}).status_code == 422
    done = client.post(SET_UP, {**sent, "code": code_of(key)})
    shown = re.findall(r"<code class=\"ref\">([a-z2-9-]{14})</code>", done.content.decode())
    assert len(set(shown)) == 10
    factor = SecondFactor.objects.get()
    assert key.encode() not in bytes(factor.key)
    assert not RecoveryCode.objects.filter(code_hash__in=shown).exists()
    assert client.get("/desk/").status_code == 200

    clock.shift(timedelta(minutes=1))
    other = sign_in(rita)
    assert other.get("/desk/")["Location"] == f"{CODE}?next=%2Fdesk%2F"
    assert enter(other, code_of(key))["Location"] == "/"
    assert other.get("/desk/").status_code == 200


def test_a_new_factor_ends_what_the_password_alone_opened(ada: User) -> None:
    other, client, (_token, secret) = sign_in(ada), sign_in(ada), AuthToken.objects.create(ada)
    key, enrolment = shown_key(client.get(SET_UP).content.decode())
    sent = {"enrolment": enrolment, "password": PASSWORD, "code": code_of(key)}
    assert client.post(SET_UP, sent).status_code == 200
    assert other.get("/you/").status_code == 302
    program = Client(headers={"Authorization": f"Token {secret}"})
    assert program.get("/api/v1/orders/").status_code == 401
    assert "/you/second-factor/remove/" in client.get("/you/").content.decode()
    Office.objects.update(second_factor_required=True)
    assert "/you/second-factor/remove/" not in client.get("/you/").content.decode()


def test_an_incomplete_session_opens_nothing(ada: User, clock) -> None:
    enrol(ada, clock)
    client = sign_in(ada)
    for address in ("/", "/administration/people/", "/you/", SET_UP, "/admin/", "/api/docs/"):
        answer = client.get(address)
        assert answer.status_code in (302, 403), address
        assert answer.status_code == 403 or answer["Location"].startswith(CODE), address
    assert client.get("/api/v1/orders/").status_code == 403
    assert client.post("/administration/people/ada/password/", {})["Location"] == CODE
    live = client.get("/desk/", headers={"HX-Request": "true"})
    assert live["HX-Redirect"] == CODE
    assert client.post("/sign-out/").status_code == 200


def test_every_way_to_sign_in_asks_for_the_code(rita: User, clock) -> None:
    enrol(rita, clock)
    client = Client()
    client.force_login(rita)  # as an invitation or another app's page does
    assert client.get("/desk/")["Location"].startswith(CODE)


def test_a_header_of_a_token_opens_nothing(rita: User, clock) -> None:
    enrol(rita, clock)
    client = sign_in(rita)
    headers = {"Authorization": "Token anything"}
    assert client.get("/desk/", headers=headers)["Location"].startswith(CODE)
    assert client.get("/api/v1/orders/", headers=headers).status_code == 401


def test_the_list_of_sessions_follows_the_code(rita: User, clock) -> None:
    key, _made = enrol(rita, clock)
    client = sign_in(rita)
    enter(client, code_of(key))
    assert UserSession.objects.get().session_key == client.session.session_key
    waiting = sign_in(rita)
    page = client.get("/you/sessions/").content.decode()
    assert page.count("this one") == page.count("password only") == 1
    client.post("/you/sessions/end/")
    assert client.get("/you/sessions/").content.decode().count("this one") == 1
    assert waiting.get("/desk/")["Location"].startswith("/sign-in/?")


def test_the_code_comes_before_an_own_password(rita: User, ada: User, clock) -> None:
    key, _made = enrol(rita, clock)
    new, change = "paper lantern at dusk", "/password/"
    change_password(actor=ada, user=rita, password=new)
    client = Client()
    client.post("/sign-in/", {"username": "rita", "password": new})
    assert client.get("/desk/")["Location"].startswith(CODE)
    assert client.get(change)["Location"].startswith(CODE), "a password alone changes nothing"
    assert client.get(CODE).status_code == 200
    assert enter(client, code_of(key)).status_code == 302
    assert client.get("/desk/")["Location"] == f"{change}?next=%2Fdesk%2F"
    assert client.get(SET_UP)["Location"].startswith(change)
    own = "eleven kettles whistle"
    sent = {"old_password": new, "new_password1": own, "new_password2": own}
    assert client.post(change, sent).status_code == 302
    assert client.get("/desk/").status_code == 200


def test_a_required_factor_comes_before_an_own_password(ada: User, office: Office, clock) -> None:
    Office.objects.update(second_factor_required=True)
    User.objects.update(must_change_password=True)
    client = sign_in(ada)
    assert client.get("/administration/")["Location"].startswith(SET_UP)
    assert client.get(SET_UP).status_code == 200


def test_a_password_alone_replaces_no_factor(ada: User, office: Office, clock) -> None:
    Office.objects.update(second_factor_required=True)
    client = sign_in(ada)  # may set a factor up, as there is none yet
    page = client.get(SET_UP).content.decode()
    key, enrolment = shown_key(page)
    enrol(ada, clock)
    sent = {"enrolment": enrolment, "password": PASSWORD, "code": code_of(key)}
    assert client.post(SET_UP, sent)["Location"].startswith("/sign-in/")
    assert client.get("/administration/")["Location"].startswith("/sign-in/?")
    assert codes.decrypted(ada.pk, SecondFactor.objects.get().key) != key


def test_a_reset_link_does_not_replace_the_code(rita: User, clock) -> None:
    key, _made = enrol(rita, clock)
    client, new = Client(), "paper lantern at dusk"
    answer = client.post(resets.reset_path(rita), {"password": new, "password_again": new})
    assert answer.status_code == 302
    client.post("/sign-in/", {"username": "rita", "password": new})
    assert client.get("/desk/")["Location"].startswith(CODE)
    before = client.session.session_key
    enter(client, code_of(key))
    assert client.get("/desk/").status_code == 200
    assert client.session.session_key != before, "a new session after the code"


def test_a_factor_that_is_gone_ends_the_sign_in(rita: User, clock) -> None:
    key, _made = enrol(rita, clock)
    client = sign_in(rita)
    actions.remove_second_factor(actor=rita)
    assert enter(client, code_of(key))["Location"] == "/sign-in/"
    assert sign_in(rita).get("/desk/").status_code == 200


def test_events_are_in_the_log(rita: User, clock, caplog: pytest.LogCaptureFixture) -> None:
    enrol(rita, clock)
    enter(sign_in(rita), "000000")
    actions.reset_second_factor(actor=None, user=rita)
    for event in ("add_second_factor", "second_factor_failed", "reset_second_factor"):
        assert f"security.{event}" in caplog.text


def test_a_code_works_once(rita: User, clock) -> None:
    key, _made = enrol(rita, clock)
    code = code_of(key)
    assert enter(sign_in(rita), code).status_code == 302
    assert enter(sign_in(rita), code).status_code == 422
    clock.shift(timedelta(seconds=30))
    assert enter(sign_in(rita), code_of(key)).status_code == 302
    clock.shift(timedelta(seconds=-30))
    with pytest.raises(actions.WrongCode):  # an earlier one than the last
        actions.use_code(actor=rita, code=code_of(key))


def test_a_recovery_code_works_once_however_it_is_typed(rita: User, clock) -> None:
    _key, made = enrol(rita, clock)
    typed = made[0].replace("-", " ").upper()
    assert enter(sign_in(rita), typed).status_code == 302
    assert enter(sign_in(rita), made[0]).status_code == 422
    assert enter(sign_in(rita), made[1]).status_code == 302
    assert AuditEntry.objects.filter(action="use_recovery_code").count() == 2


def test_wrong_codes_block_the_right_one_for_a_while_on_every_process(rita: User, clock) -> None:
    key, made = enrol(rita, clock)
    client = sign_in(rita)
    for _ in range(actions.MAX_FAILURES):
        assert enter(client, "000000").status_code == 422
    assert b"Too many wrong codes" in enter(sign_in(rita), code_of(key)).content
    assert b"Too many wrong codes" in enter(sign_in(rita), "aaaa-bbbb-cccc").content
    assert enter(sign_in(rita), made[0]).status_code == 302, "the owner gets in"
    for _ in range(actions.MAX_FAILURES):
        enter(client, "000000")
    clock.shift(actions.PAUSE)
    assert enter(client, code_of(key)).status_code == 302


def test_the_pause_after_wrong_codes_doubles_up_to_a_limit_until_a_right_one(
    rita: User, clock
) -> None:
    key, made = enrol(rita, clock)

    def minutes_of_pause() -> int:
        for _ in range(actions.MAX_FAILURES):
            with pytest.raises(actions.WrongCode):
                actions.use_code(actor=rita, code="000000")
        pause = SecondFactor.objects.get().blocked_until - timezone.now()
        clock.shift(pause)
        return int(pause.total_seconds() // 60)

    assert [minutes_of_pause() for _ in range(6)] == [15, 30, 60, 120, 240, 240]
    actions.use_code(actor=rita, code=code_of(key))
    assert [minutes_of_pause() for _ in range(2)] == [15, 30]
    actions.use_code(actor=rita, code=made[0])
    assert minutes_of_pause() == 15


def test_the_office_requires_a_factor_of_some_roles(
    ada: User, rita: User, office: Office, clock
) -> None:
    Office.objects.update(second_factor_required=True)
    assert sign_in(rita).get("/desk/").status_code == 200
    client = sign_in(ada)
    assert client.get("/administration/")["Location"].startswith(SET_UP)
    assert client.get(SET_UP).status_code == 200
    with pytest.raises(Conflict):
        actions.remove_second_factor(actor=ada)


def test_an_administrator_resets_a_colleagues_factor_who_is_told(
    ada: User, rita: User, maya: User, clock
) -> None:
    enrol(rita, clock)
    client = sign_in(rita)
    address = "/administration/people/rita/second-factor/"
    assert sign_in(maya).post(address).status_code == 403
    assert sign_in(ada).post(address).status_code == 302
    assert client.get("/desk/")["Location"].startswith("/sign-in/?"), "the session has ended"
    entry = AuditEntry.objects.get(action="reset_second_factor")
    assert (entry.actor, entry.subject) == (ada, "rita")
    page = sign_in(rita).get("/you/sessions/")
    assert b"Ada Administrator removed your second factor" in page.content
    assert not SecondFactor.objects.exists()
    with pytest.raises(Conflict):
        actions.reset_second_factor(actor=ada, user=rita)


def test_the_command_removes_a_factor(rita: User, clock) -> None:
    enrol(rita, clock)
    call_command("reset_second_factor", "Rita")
    assert b"The operator of the server removed" in sign_in(rita).get("/you/sessions/").content
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "rita")


def test_programs_send_the_code_when_they_sign_in(rita: User, ada: User, clock) -> None:
    def token(person: User, **more: str):
        body = {"username": person.username, "password": PASSWORD, **more}
        return Client().post("/api/v1/auth/login/", body, content_type="application/json")

    def reads_orders(secret: str) -> int:
        headers = {"Authorization": f"Token {secret}"}
        return Client().get("/api/v1/orders/", headers=headers).status_code

    early = token(rita).json()["token"]
    assert reads_orders(early) == 200
    key, _made = enrol(rita, clock)
    assert token(rita).status_code == 400
    assert token(rita, code="000000").status_code == 400
    assert reads_orders(early) == 401
    assert reads_orders(token(rita, code=code_of(key)).json()["token"]) == 200
    Office.objects.update(second_factor_required=True)
    assert token(ada).status_code == 409


def test_own_codes_are_renewed_and_the_factor_removed_with_the_password(rita: User, clock) -> None:
    key, made = enrol(rita, clock)
    client = sign_in(rita)
    enter(client, code_of(key))
    assert client.post("/you/second-factor/codes/", {"password": "wrong"}).status_code == 422
    client.post("/you/second-factor/codes/", {"password": PASSWORD})
    with pytest.raises(actions.WrongCode):
        actions.use_code(actor=rita, code=made[0])
    assert client.post("/you/second-factor/remove/", {"password": PASSWORD}).status_code == 302
    assert not SecondFactor.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ins_with_one_code_one_wins(rita: User) -> None:
    key = codes.new_key()
    actions.add_second_factor(actor=rita, key=key, code=code_of(key))
    SecondFactor.objects.update(last_step=0)
    code, outcomes, gate = code_of(key), [], threading.Barrier(4)

    def use() -> None:
        gate.wait()
        try:
            actions.use_code(actor=rita, code=code)
            outcomes.append("accepted")
        except actions.WrongCode:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "refused", "refused", "refused"]


def test_a_requirement_that_begins_reaches_open_sessions_and_tokens(
    ada: User, amir: User, rita: User, clock
) -> None:
    _token, secret = AuthToken.objects.create(ada)
    program = Client(headers={"Authorization": f"Token {secret}"})
    of_ada, of_rita = sign_in(ada), sign_in(rita)
    enrol(amir, clock)
    of_amir = Client()
    of_amir.force_login(amir)
    assert program.get("/api/v1/orders/").status_code == 403
    Office.objects.update(second_factor_required=True)
    assert of_ada.get("/you/")["Location"].startswith(SET_UP)
    assert of_ada.get("/api/v1/orders/").status_code == 403
    assert program.get("/api/v1/orders/").status_code == 401
    assert of_amir.get("/you/")["Location"].startswith(CODE)
    assert of_rita.get("/you/").status_code == 200
    later = timezone.now() + timedelta(minutes=5)
    grant_role(actor=ada, user=rita, role=Role.ACCOUNTANT, valid_from=later)
    assert of_rita.get("/you/").status_code == 200
    clock.shift(timedelta(minutes=6))
    assert of_rita.get("/you/")["Location"].startswith(SET_UP)


def test_a_requirement_that_ends_opens_the_sessions_that_it_closed(
    ada: User, rita: User, office: Office, clock
) -> None:
    Office.objects.update(second_factor_required=True)
    role = grant_role(actor=ada, user=rita, role=Role.ACCOUNTANT)
    of_ada, of_rita, set_up_elsewhere = sign_in(ada), sign_in(rita), sign_in(rita)
    assert of_ada.get("/you/")["Location"].startswith(SET_UP)
    end_grant(actor=ada, grant=role)
    assert of_rita.get("/you/").status_code == 200
    Office.objects.update(second_factor_required=False)
    assert of_ada.get("/you/").status_code == 200
    enrol(rita, clock)
    assert set_up_elsewhere.get("/you/").status_code == 302


def test_who_had_to_set_a_factor_up_goes_on_where_they_were(
    ada: User, office: Office, clock
) -> None:
    client = sign_in(ada)
    Office.objects.update(second_factor_required=True)
    page = "http://testserver/administration/people/ada/?tab=1"
    asked = [
        client.post("/administration/people/ada/", {}, headers={"Referer": page}),
        client.get("/desk/live/", headers={"HX-Request": "true", "HX-Current-URL": page}),
    ]
    for answer, name in zip(asked, ("Location", "HX-Redirect"), strict=True):
        assert answer[name] == f"{SET_UP}?{urlencode({'next': page})}"
    elsewhere = client.post("/you/", {}, headers={"Referer": "http://bad.example/"})
    assert elsewhere["Location"] == SET_UP
    key, enrolment = shown_key(client.get(asked[0]["Location"]).content.decode())
    sent = {"enrolment": enrolment, "password": PASSWORD, "code": code_of(key), "next": page}
    assert f'href="{page}"' in client.post(SET_UP, sent).content.decode()
    away = {"next": "http://bad.example/"}
    assert client.get(SET_UP, away).context["next"] == "/"


def test_a_reset_ends_api_tokens(ada: User, rita: User, clock) -> None:
    enrol(rita, clock)
    AuthToken.objects.create(rita)
    actions.reset_second_factor(actor=ada, user=rita)
    assert not AuthToken.objects.exists()

"""A large body is refused before it costs memory or disk, unless a colleague sends it."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from knox.models import AuthToken

from officeflow.body_limits import body_limit_of
from officeflow.company.models import Office
from officeflow.staff.models import User
from tests.web_server.conftest import WebServer

LARGE = 8 * 1024 * 1024
ADDRESS = "/files/of/draft/" + "0" * 32 + "/add/"
FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def form(size: int) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="x"; filename="x.jpg"\r\n\r\n'
    return head + b"x" * size + b"\r\n--b--\r\n"


def session_of(person: User) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {"Cookie": f"{name}={client.cookies[name].value}"}


STRANGERS = {
    "nobody": {},
    "a forged session": {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}=abcdefghijklmnopqrstuvwxyz012345"
    },
    "a forged token": {"Authorization": "Token " + "a" * 64},
}


def test_a_stranger_s_large_body_is_refused_and_not_written(
    web_server: WebServer, office: Office
) -> None:
    for name, headers in STRANGERS.items():
        before = web_server.written()
        status, body = web_server.send("POST", ADDRESS, form(LARGE), FORM | headers)
        assert status == 413, name
        assert b"not signed in" in body
        assert web_server.written() - before < 1024 * 1024, name


@pytest.mark.django_db
def test_a_cookie_that_no_session_can_have_is_a_stranger_s() -> None:
    environ = RequestFactory(headers={"cookie": 'sessionid="a\\000b"'})._base_environ()
    assert body_limit_of(environ) == (settings.ANONYMOUS_BODY_BYTES, None)


def test_a_colleague_s_large_body_arrives(web_server: WebServer, rita: User) -> None:
    assert web_server.send("POST", ADDRESS, form(LARGE), FORM | session_of(rita))[0] != 413
    _stored, token = AuthToken.objects.create(rita)
    headers = FORM | {"Authorization": f"Token {token}"}
    answer = web_server.send("POST", "/api/v1/attachments/of/order/SO-1/", form(LARGE), headers)
    assert answer[0] == 404


def test_nobody_may_send_more_than_the_limit(web_server: WebServer, rita: User) -> None:
    before = web_server.written()
    size = settings.REQUEST_MOST_BYTES + 1
    status, body = web_server.send("POST", ADDRESS, form(size), FORM | session_of(rita))
    assert status == 413
    assert b"51 MB" in body
    assert web_server.written() - before < 1024 * 1024


def test_an_announced_body_far_above_the_limit_is_refused_at_once(
    web_server: WebServer, office: Office
) -> None:
    head = f"POST {ADDRESS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10**12}\r\n\r\nx"
    with web_server.connect(head.encode()) as opened:
        assert opened.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_body_of_unknown_length_is_a_small_one(web_server: WebServer, rita: User) -> None:
    before = web_server.written()
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    head = f"POST {ADDRESS} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    head += f"Cookie: {session_of(rita)['Cookie']}\r\n\r\n"
    with web_server.connect(head.encode()) as opened:
        for _ in range(4):
            opened.sendall(chunk)
        opened.sendall(b"0\r\n\r\n")
        assert opened.recv(100).startswith(b"HTTP/1.1 413 ")
    assert web_server.written() - before < 2.5 * 1024 * 1024


@pytest.mark.django_db
def test_every_server_refuses_before_the_body_is_read(client: Client, office: Office) -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    more = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(LARGE)}
    assert client.generic("POST", ADDRESS, **more).status_code == 413
    answer = client.generic("POST", "/api/v1/orders/", **more)
    assert answer.status_code == 413
    assert json.loads(answer.content)["status"] == 413

"""A mailbox without a mail server, and an SMTP server with scripted replies."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings as django_settings

from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.staff.models import User


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores messages in the mailbox, without a mail server."""
    monkeypatch.setattr(django_settings, "MAIL_MODE", "mailbox")


class MailServer(socketserver.ThreadingTCPServer):
    """An SMTP server that stores messages; `answers` overrides its replies by command."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers: dict[str, str] = {}
        self.taken: list[str] = []


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: MailServer

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].split(":")[0].upper()
            answer = self.server.answers.get(verb, "250 fine")
            if verb == "DATA":
                self.say("354 go on")
                self.server.taken.append(self.text())
                answer = self.server.answers.get("END", "250 kept")
            self.say("221 bye" if verb == "QUIT" else answer)
            if verb == "QUIT":
                return

    def text(self) -> str:
        lines: list[str] = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return "".join(lines)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Returns the mail server that the settings name."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        for name, value in {
            "MAIL_MODE": "smtp",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": server.server_address[1],
            "DEFAULT_FROM_EMAIL": "shop@lantern.example",
        }.items():
            monkeypatch.setattr(django_settings, name, value)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def placed(rita: User, nora: Customer, mug: Product, office: Office) -> Order:
    """Returns an order of two mugs by a customer with an e-mail address."""
    return place_order(actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(2))])

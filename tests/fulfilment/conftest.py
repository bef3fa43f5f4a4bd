"""Fixtures of tickets, for fulfilment."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.tickets.conftest import ordered, ticket

__all__ = ["mailbox", "ordered", "ticket"]


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores messages in the mailbox, without a mail server."""
    monkeypatch.setattr(settings, "MAIL_MODE", "mailbox")

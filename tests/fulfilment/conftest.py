"""Fixtures of tickets, for fulfilment."""

from __future__ import annotations

from tests.tickets.conftest import ordered, ticket

__all__ = ["ordered", "ticket"]

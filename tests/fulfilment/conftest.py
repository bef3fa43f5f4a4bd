"""Orders on their way through fulfilment."""

from __future__ import annotations

from tests.tickets.conftest import ordered, ticket

__all__ = ["ordered", "ticket"]

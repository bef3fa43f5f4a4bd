"""A URL, and who may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from officeflow.permissions import Role
from tests.staff.sample_records import SampleRecords


class Access(Enum):
    """The result of requesting a URL."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    HIDDEN = "not found"
    SIGN_IN = "asked to sign in"


R, F, W, A, H, M, X = Role
NOBODY: frozenset[Role] = frozenset()
DESK = frozenset({R, M})
READERS_OF = {
    "orders": frozenset({M, X}),
    "customers": frozenset({M, X}),
    "products": frozenset({X}),
}
READERS = frozenset({M, X})
BOOKS = frozenset({A, M})
# Money at the counter: the front desk and accounting.
TILL = frozenset({R, M, A})
DASHBOARDS = frozenset({M, X})
# The roles with a queue get 404 for the queues of other departments; other roles get 403.
QUEUES = frozenset({F, W, A, H, M})
GOODS, STORE, MONEY, PEOPLE, LEAD = (
    frozenset({F, W, M}),
    frozenset({F, W, M}),
    frozenset({A, M}),
    frozenset({H}),
    frozenset({M}),
)

Address = Callable[[SampleRecords], dict[str, Any]]


@dataclass(frozen=True)
class UrlRule:
    """A URL and the roles that may open it; `roles` is None for everybody who is signed in."""

    name: str
    roles: frozenset[Role] | None
    kwargs: Address = field(default=lambda _records: {})
    hidden_from: frozenset[Role] = NOBODY
    is_post: bool = False
    allowed_status: int | None = (
        None  # when an allowed request is answered with a status that means something else
    )
    without_sign_in: Access = Access.SIGN_IN

    def expected(self, role: Role | None) -> Access:
        """Returns the expected access of a person with this role, or without one."""
        if self.roles is None or role in self.roles:
            return Access.ALLOWED
        return Access.HIDDEN if role in self.hidden_from else Access.FORBIDDEN


def post(name: str, roles: frozenset[Role] | None, *args: Any, **kwargs: Any) -> UrlRule:
    """Returns a rule for a URL that only takes POST; it is requested with an empty body."""
    return UrlRule(name, roles, *args, is_post=True, **kwargs)


def order(records: SampleRecords) -> dict[str, Any]:
    return {"number": records.order}


def customer(records: SampleRecords) -> dict[str, Any]:
    return {"number": records.customer}


def complaint(records: SampleRecords) -> dict[str, Any]:
    return {"number": records.complaint}


def payment(records: SampleRecords) -> dict[str, Any]:
    return {"number": records.payment}


def rita(_records: SampleRecords) -> dict[str, Any]:
    return {"username": "rita"}


def handoff(records: SampleRecords) -> dict[str, Any]:
    return {"pk": records.handoff}


# Files are visible to those who see their record: the desk and the department of a ticket.
SEES_ORDER = frozenset({R, M, F, W})
ANYBODY: frozenset[Any] = frozenset({*Role, None})


def files_of(records: SampleRecords) -> dict[str, Any]:
    return {"kind": "order", "holder": records.order}


def no_import_file(_records: SampleRecords) -> dict[str, Any]:
    return {"number": "IN-999999"}


def of_kind(kind: str) -> Address:
    return lambda _records: {"kind": kind}


def no_file(_records: SampleRecords) -> dict[str, Any]:
    return {"number": "AT-999999"}


def no_message(_records: SampleRecords) -> dict[str, Any]:
    return {"number": "MS-999999"}


def no_draft(_records: SampleRecords) -> dict[str, Any]:
    return {"key": UUID(int=0)}


def placed(_records: SampleRecords) -> dict[str, Any]:
    return {"event": "order_placed"}

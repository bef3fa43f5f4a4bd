"""An address, and what each person gets there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from officeflow.permissions import Role
from tests.staff.world import World


class Answer(Enum):
    """What happens to somebody who knocks."""

    IN = "let in"
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
# Money over the counter: the desk and those who keep the books.
TILL = frozenset({R, M, A})
DASHBOARDS = frozenset({M, X})
# Whoever has no queue at all is told so; whoever has another one finds nothing.
QUEUES = frozenset({F, W, A, H, M})
GOODS, STORE, MONEY, PEOPLE, LEAD = (
    frozenset({F, W, M}),
    frozenset({F, W, M}),
    frozenset({A, M}),
    frozenset({H}),
    frozenset({M}),
)

Address = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One address. `open_to` is None when everybody who signed in gets in."""

    name: str
    open_to: frozenset[Role] | None
    kwargs: Address = field(default=lambda _world: {})
    hidden_from: frozenset[Role] = NOBODY
    is_post: bool = False
    in_status: int | None = None  # where being let in looks like something else
    stranger: Answer = Answer.SIGN_IN

    def expected(self, role: Role | None) -> Answer:
        """What somebody with this role, or with none, meets."""
        if self.open_to is None or role in self.open_to:
            return Answer.IN
        return Answer.HIDDEN if role in self.hidden_from else Answer.FORBIDDEN


def post(name: str, open_to: frozenset[Role] | None, *args: Any, **kwargs: Any) -> Row:
    """An address that only takes a POST; it is tried with an empty one."""
    return Row(name, open_to, *args, is_post=True, **kwargs)


def order(world: World) -> dict[str, Any]:
    return {"number": world.order}


def customer(world: World) -> dict[str, Any]:
    return {"number": world.customer}


def complaint(world: World) -> dict[str, Any]:
    return {"number": world.complaint}


def payment(world: World) -> dict[str, Any]:
    return {"number": world.payment}


def rita(_world: World) -> dict[str, Any]:
    return {"username": "rita"}


def handoff(world: World) -> dict[str, Any]:
    return {"pk": world.handoff}


# A file is there for those who see what it hangs on: the desk, and a ticket's department.
SEES_ORDER = frozenset({R, M, F, W})
ANYBODY: frozenset[Any] = frozenset({*Role, None})


def files_of(world: World) -> dict[str, Any]:
    return {"kind": "order", "holder": world.order}


def no_import_file(_world: World) -> dict[str, Any]:
    return {"number": "IN-999999"}


def of_kind(kind: str) -> Address:
    return lambda _world: {"kind": kind}


def no_file(_world: World) -> dict[str, Any]:
    return {"number": "AT-999999"}


def no_message(_world: World) -> dict[str, Any]:
    return {"number": "MS-999999"}


def placed(_world: World) -> dict[str, Any]:
    return {"event": "order_placed"}

"""Messages to colleagues. Who carries them registers here, because mail stands above the people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from officeflow.staff.models import User


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message with a secret link: `event` says which one, `until_at` how long the link works."""

    event: str
    to_address: str
    to_name: str
    link: str
    until_at: datetime
    language: str = ""


@dataclass(frozen=True)
class Carrier:
    """Whether messages are sent at all, and sending one; the answer is whether it is on its way."""

    is_on: Callable[[], bool]
    send: Callable[[Letter, User | None], bool]
    # Messages are kept in the house's mailbox, because there is no server to take them out.
    stays_here: Callable[[], bool] = lambda: False


_carriers: list[Carrier] = []


def register_carrier(carrier: Carrier) -> None:
    """Names who carries messages from now on."""
    _carriers[:] = [carrier]


def is_on() -> bool:
    """Whether the office can write to anybody."""
    return bool(_carriers) and _carriers[0].is_on()


def send(letter: Letter, *, actor: User | None) -> bool:
    """Gives a message to the carrier; False when there is none, or no address to send it to."""
    return bool(letter.to_address) and is_on() and _carriers[0].send(letter, actor)


def stays_here() -> bool:
    """Whether what is sent only comes as far as the house's mailbox."""
    return bool(_carriers) and _carriers[0].stays_here()

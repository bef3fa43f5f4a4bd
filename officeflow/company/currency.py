"""What hangs on the office's currency.

The office knows nobody above it, so those who would be harmed by a new currency, or have to
follow it, say so here from their `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable

Guard = Callable[[], str]
Follower = Callable[[str, str], None]

_guards: list[Guard] = []
_followers: list[Follower] = []


def guard(check: Guard) -> Guard:
    """Registers a check that answers why the currency must stay, or an empty text."""
    if check not in _guards:
        _guards.append(check)
    return check


def follow(follower: Follower) -> Follower:
    """Registers what is done, in the same transaction, when the currency goes from old to new."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def reason_to_stay() -> str:
    """Why the office's currency cannot change any more; empty while it can."""
    return next((reason for check in _guards if (reason := check())), "")


def tell_followers(old: str, new: str) -> None:
    """Lets everything that is priced in the office's currency follow it."""
    for follower in _followers:
        follower(old, new)

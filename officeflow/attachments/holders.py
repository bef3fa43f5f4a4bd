"""What files can hang on, and who may see and add them there.

The rooms above register here from `AppConfig.ready()`, so that no foreign key crosses the wings:
a file keeps the kind of its holder and the holder's number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from officeflow.audit.models import Realm
from officeflow.staff.models import User

Question = Callable[[User, str], bool]

# Files that were handed in before the thing they belong to has a number of its own.
DRAFT = "draft"


def _office(number: str) -> Realm:
    return Realm.OFFICE


@dataclass(frozen=True, kw_only=True)
class Holder:
    """One kind of thing that files hang on.

    `prefix` is that of its reference numbers. `may_see` and `may_add` get a person and a number
    and say no where there is no such thing. `realm` says which trail and whose eyes a file
    belongs to: HR's are shown to HR alone whatever else says yes. `url` is the thing's page.
    """

    kind: str
    prefix: str
    label: str | Promise
    may_see: Question
    may_add: Question
    url: Callable[[str], str]
    realm: Callable[[str], Realm] = _office


_holders: dict[str, Holder] = {}
_further_eyes: dict[str, list[Question]] = {}


def register_holder(holder: Holder) -> None:
    """Lets files hang on things of this kind; registering again replaces it."""
    _holders[holder.kind] = holder


def register_eyes(kind: str, may_see: Question) -> None:
    """Lets further people see what hangs on a kind of thing.

    A department sees the photos of the complaint that its ticket is about, though it cannot open
    the complaint itself.
    """
    eyes = _further_eyes.setdefault(kind, [])
    if may_see not in eyes:
        eyes.append(may_see)


def holder_of(kind: str) -> Holder | None:
    """The kind of that name, or None when nothing can hang there."""
    return _holders.get(kind)


def kind_of_number(number: str) -> str:
    """The kind of thing that a reference number names; empty when files cannot hang on it."""
    prefix = number.partition("-")[0]
    return next((each.kind for each in _holders.values() if each.prefix == prefix), "")


def may_see(user: User, kind: str, number: str) -> bool:
    """Whether a person may see what hangs on something, by its own room or by further eyes."""
    holder = _holders.get(kind)
    if holder is None:
        return False
    return holder.may_see(user, number) or any(
        sees(user, number) for sees in _further_eyes.get(kind, ())
    )


def may_add(user: User, kind: str, number: str) -> bool:
    """Whether a person may add files to something, and remove them."""
    holder = _holders.get(kind)
    return holder is not None and holder.may_add(user, number)

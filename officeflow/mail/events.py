"""What the office writes about: registered by the rooms from `AppConfig.ready()`.

An event knows the house's own wording and the placeholders that may stand in it. The house's
wording is in the source, so that it is translated like everything else; an office that words an
event otherwise has a row in `MessageText`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A word in braces that the message fills in; `sample` stands there in the preview."""

    says: Words
    sample: Words


@dataclass(frozen=True, kw_only=True)
class Event:
    """One occasion for a message.

    `required` placeholders must stand in the text: an invitation without its link is none. A
    `secret` one is shown to nobody, and its words are not kept once it is sent. One that is
    `always_on` cannot be switched off. `office`, the office's name, is everywhere.
    """

    code: str
    label: Words
    audience: Words
    subject: Words
    body: Words
    placeholders: Mapping[str, Placeholder]
    required: tuple[str, ...] = ()
    is_secret: bool = False
    always_on: bool = False
    order: int = 100


OFFICE = {"office": Placeholder(says=_("the name of the office"), sample=_("Your office"))}

_events: dict[str, Event] = {}


def register_event(event: Event) -> Event:
    """Makes an event known; registering again replaces it."""
    _events[event.code] = event
    return event


def events() -> list[Event]:
    """Every event, in the order in which they are shown."""
    return sorted(_events.values(), key=lambda event: (event.order, event.code))


def find_event(code: str) -> Event | None:
    """The event of that code; None when nobody registered it."""
    return _events.get(code)


def placeholders_of(event: Event) -> dict[str, Placeholder]:
    """The event's own placeholders and those that every message has."""
    return {**event.placeholders, **OFFICE}


def labels() -> dict[str, Words]:
    """What each event is called."""
    return {event.code: event.label for event in events()}

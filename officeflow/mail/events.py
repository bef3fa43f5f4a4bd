"""The events about which messages are sent; apps register theirs in `AppConfig.ready()`.

An event has a standard wording and the placeholders that a wording may use. The standard wording
is in the source, so that it is translated like everything else; an office's own wording is a row
in `MessageText`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LazyText = str | Promise


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A name in braces that the message replaces by a value; `sample` is the preview's."""

    description: LazyText
    sample: LazyText


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event about which the office sends a message.

    `required` placeholders must be in the text: an invitation is useless without its link. The
    text of an event that `is_secret` is not stored once it is sent. One that is `always_on`
    cannot be switched off. The placeholder `office`, the office's name, works in every event.
    """

    code: str
    label: LazyText
    audience: LazyText
    subject: LazyText
    body: LazyText
    placeholders: Mapping[str, Placeholder]
    required: tuple[str, ...] = ()
    is_secret: bool = False
    always_on: bool = False
    order: int = 100


OFFICE = {"office": Placeholder(description=_("the name of the office"), sample=_("Your office"))}

_events: dict[str, Event] = {}


def register_event(event: Event) -> Event:
    """Registers an event; registering its code again replaces it."""
    _events[event.code] = event
    return event


def events() -> list[Event]:
    """Every registered event, in display order."""
    return sorted(_events.values(), key=lambda event: (event.order, event.code))


def find_event(code: str) -> Event | None:
    """The event of a code; None when it is not registered."""
    return _events.get(code)


def placeholders_of(event: Event) -> dict[str, Placeholder]:
    """The event's own placeholders and those that every message has."""
    return {**event.placeholders, **OFFICE}


def labels() -> dict[str, LazyText]:
    """The label of each event by its code."""
    return {event.code: event.label for event in events()}

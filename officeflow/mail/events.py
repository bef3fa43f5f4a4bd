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

from officeflow.handoff.contracts import Contract

LazyText = str | Promise


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A name in braces that is replaced by a value; `sample` is the value in previews."""

    description: LazyText
    sample: LazyText


@dataclass(frozen=True, kw_only=True)
class MailEvent:
    """An event about which the office sends a message.

    `audience` names the recipients. A wording must contain the `required` placeholders, such as
    the link of an invitation. The text of a secret event is not stored after it was sent. A
    message waits while one of the contracts in `withdrawn_by` about its record is on its way to
    the desk, where it will withdraw the message. An event that is `always_on` cannot be turned
    off. The placeholder `office`, the office's name, is available in every event.
    """

    code: str
    label: LazyText
    audience: LazyText
    subject: LazyText
    body: LazyText
    placeholders: Mapping[str, Placeholder]
    required: tuple[str, ...] = ()
    withdrawn_by: tuple[type[Contract], ...] = ()
    is_secret: bool = False
    always_on: bool = False
    order: int = 100


OFFICE = {"office": Placeholder(description=_("the name of the office"), sample=_("Your office"))}

_events: dict[str, MailEvent] = {}


def register_event(event: MailEvent) -> MailEvent:
    """Registers an event; registering its code again replaces it."""
    _events[event.code] = event
    return event


def events() -> list[MailEvent]:
    """Returns every registered event, in display order."""
    return sorted(_events.values(), key=lambda event: (event.order, event.code))


def find_event(code: str) -> MailEvent | None:
    """Returns the event of a code, or None."""
    return _events.get(code)


def placeholders_of(event: MailEvent) -> dict[str, Placeholder]:
    """Returns the event's own placeholders and those that every message has."""
    return {**event.placeholders, **OFFICE}


def labels() -> dict[str, LazyText]:
    """Returns the label of each event by its code."""
    return {event.code: event.label for event in events()}

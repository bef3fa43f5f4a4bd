"""Checks wordings and replaces their placeholders, such as `{customer}`, by values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.mail.events import MailEvent, placeholders_of

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
STRAY_BRACE = re.compile(r"[{}]")
BLANK_LINES = re.compile(r"\n{3,}")
MAX_SUBJECT_LENGTH = 150
MAX_BODY_LENGTH = 5000
MOST_REPEATED = 3  # how often a text has a placeholder, so that it stays a message when filled in


@dataclass(frozen=True)
class Wording:
    """A subject and a text, with or without placeholders."""

    subject: str
    body: str


def default_wording(event: MailEvent, language: str) -> Wording:
    """Returns the standard wording of an event in a language."""
    with translation.override(language):
        return Wording(str(event.subject), str(event.body))


def check(event: MailEvent, wording: Wording) -> Wording:
    """Returns the wording, normalised.

    Raises `Refused` with a field for the first error: an unknown or missing placeholder, an
    unmatched brace, an empty or too long text.
    """
    subject = " ".join(wording.subject.split())
    body = wording.body.replace("\r\n", "\n").replace("\r", "\n").strip()
    for field, text, longest in (
        ("subject", subject, MAX_SUBJECT_LENGTH),
        ("body", body, MAX_BODY_LENGTH),
    ):
        if not text:
            raise Refused(
                _("Enter a subject.") if field == "subject" else _("Enter a text."), field
            )
        if len(text) > longest:
            raise Refused(
                _("This is too long. Use at most %(longest)d characters.") % {"longest": longest},
                field,
            )
        _check_placeholders(event, field, text)
    if event.is_secret and not links_stand_alone(body):
        raise Refused(
            _("Write {link} between spaces or on a line of its own, so that nothing joins it."),
            "body",
        )
    for name in event.required:
        if f"{{{name}}}" not in body:
            raise Refused(
                _("The text must contain {%(name)s}. Add it.") % {"name": name},
                "body",
            )
    return Wording(subject, body)


def links_stand_alone(body: str) -> bool:
    """Returns whether no text touches `{link}`, as `https://other.example/?{link}` does.

    What is joined to a secret link could lead whoever opens it to another host.
    """
    return body.count("{link}") == len(re.findall(r"(?<!\S)\{link\}(?!\S)", body))


def _check_placeholders(event: MailEvent, field: str, text: str) -> None:
    known = placeholders_of(event)
    times = Counter(PLACEHOLDER.findall(text))
    for match in PLACEHOLDER.finditer(text):
        if match[1] not in known:
            raise Refused(
                _("{%(name)s} cannot be used in this message. You can use %(known)s.")
                % {"name": match[1], "known": ", ".join(f"{{{each}}}" for each in known)},
                field,
            )
        if times[match[1]] > MOST_REPEATED:
            raise Refused(
                _("Use {%(name)s} at most %(most)d times.")
                % {"name": match[1], "most": MOST_REPEATED},
                field,
            )
    rest = PLACEHOLDER.sub("", text)
    if stray := STRAY_BRACE.search(rest):
        around = rest[max(0, stray.start() - 15) : stray.start() + 15].strip()
        raise Refused(
            _("A brace has no counterpart near “%(around)s”. Write placeholders as {name}.")
            % {"around": around},
            field,
        )


def fill_in(wording: Wording, values: Mapping[str, str], office: Office) -> Wording:
    """Returns the wording with values, and with the office's signature.

    A placeholder without a value stays unchanged.
    """
    known = {"office": office.name, **values}

    def value(match: re.Match[str]) -> str:
        return known.get(match[1], match[0])

    subject = " ".join(PLACEHOLDER.sub(value, wording.subject).split())
    body = BLANK_LINES.sub("\n\n", PLACEHOLDER.sub(value, wording.body)).strip()
    return Wording(subject[:200], f"{body}\n\n-- \n{signature(office)}\n")


def signature(office: Office) -> str:
    """Returns the office's name, address and contact details, one on each line."""
    lines = [office.name, *office.main_site.address.splitlines()]
    lines += [office.phone, office.email, office.website]
    return "\n".join(line.strip() for line in lines if line.strip())


def sample(event: MailEvent, language: str) -> dict[str, str]:
    """Returns the sample values of the placeholders, for a preview."""
    with translation.override(language):
        return {
            name: str(each.sample)
            for name, each in placeholders_of(event).items()
            if name != "office"
        }

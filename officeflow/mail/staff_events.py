"""The events of messages to colleagues: an invitation and a forgotten password."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.mail.events import Event, Placeholder, register_event

LINK = Placeholder(description=_("the link, for one use"), sample="https://office.example/…")
NAME = Placeholder(description=_("the colleague’s name"), sample=_("Ravi Sharma"))
UNTIL = Placeholder(description=_("until when the link works"), sample=_("28 November, 17:30"))

INVITATION = register_event(
    Event(
        code="staff_invitation",
        label=_("Invitation of a colleague"),
        audience=_("colleagues"),
        subject=_("Your place at {office}"),
        body=_(
            "Hello {name},\n\n"
            "you are invited to work with OfficeFlow at {office}. Open this link and choose your "
            "password:\n\n{link}\n\n"
            "The link works once, until {until}."
        ),
        placeholders={"name": NAME, "link": LINK, "until": UNTIL},
        required=("link",),
        is_secret=True,
        always_on=True,
        order=90,
    )
)

PASSWORD_RESET = register_event(
    Event(
        code="password_reset",
        label=_("Forgotten password"),
        audience=_("colleagues"),
        subject=_("A new password at {office}"),
        body=_(
            "Hello {name},\n\n"
            "somebody asked for a new password for you at {office}. Open this link to choose "
            "one:\n\n{link}\n\n"
            "The link works once, until {until}. If it was not you, do nothing: your password "
            "stays as it is."
        ),
        placeholders={"name": NAME, "link": LINK, "until": UNTIL},
        required=("link",),
        is_secret=True,
        always_on=True,
        order=91,
    )
)

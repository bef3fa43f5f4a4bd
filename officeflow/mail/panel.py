"""The panel with the messages about a record."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from officeflow.mail import events, queries
from officeflow.mail.models import Message
from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.ui.live import entity_tag


def rows_of(messages: list[Message]) -> list[dict[str, Any]]:
    """Returns messages with the labels of their events."""
    labels = events.labels()
    return [{"message": each, "label": labels.get(each.event, each.subject)} for each in messages]


def about(user: User, reference: str) -> dict[str, Any]:
    """Returns the context of the messages about a record; none without permission."""
    found = list(queries.messages_about(reference)) if user.may(Permission.VIEW_DESK) else []
    # Those who may not read messages do not refresh them either.
    version = entity_tag(user.pk, *queries.version_of_messages(found))
    return {
        "reference": reference,
        "rows": rows_of(found),
        "version": version,
        "list_url": reverse("mail:about", args=[reference]),
    }


def version(user: User, reference: str) -> str:
    """Returns the entity tag of the list for this person."""
    return entity_tag(user.pk, *queries.version_about(reference))

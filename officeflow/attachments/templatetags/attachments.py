"""`{% attachments "order" order.number %}` shows the panel of a record's files.

On a ticket's page, `{% attachments "ticket" ticket.number about=ticket.subject %}` also shows the
files of the order or complaint that the ticket is about. The panel refreshes itself, so place it
outside other live parts.
"""

from __future__ import annotations

from typing import Any

from django import template

from officeflow.attachments import panel

register = template.Library()


@register.inclusion_tag("attachments/panel.html", takes_context=True)
def attachments(
    context: template.Context, kind: str, number: str, about: str = ""
) -> dict[str, Any]:
    """The panel with a record's files and a form to add more.

    Shows nothing when there are no files that the person may see and they may not add any.
    `about` is the number of the record that a ticket is about.
    """
    request = context["request"]
    return {**panel.panel_context(request.user, kind, number, about), "request": request}


@register.inclusion_tag("attachments/drafts.html", takes_context=True)
def draft_files(context: template.Context, token: str) -> dict[str, Any]:
    """The files uploaded with a form that is not sent yet, and a control to add more.

    Must be inside that form, which sends `files_token` and, without JavaScript, `files`.
    """
    request = context["request"]
    return {**panel.drafts_context(request.user, token), "request": request}

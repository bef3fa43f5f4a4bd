"""`{% attachments "order" order.number %}`: the panel of files that hang on something.

On a ticket's page, `{% attachments "ticket" ticket.number about=ticket.subject %}` also shows what
hangs on the order or complaint that the ticket is about. Place it outside a part that refreshes
itself: the panel refreshes on its own.
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
    """The files of one thing for the person who reads the page, and the way to add more.

    Nothing at all is drawn for who may neither see nor add, nor where nothing hangs and nothing
    can be added. `about` is the number of what a ticket is about.
    """
    request = context["request"]
    return {**panel.whole(request.user, kind, number, about), "request": request}


@register.inclusion_tag("attachments/drafts.html", takes_context=True)
def draft_files(context: template.Context, token: str) -> dict[str, Any]:
    """Files handed in with a form that is still being filled in, and the way to add more.

    Stands inside that form, which sends `files_token` and, without scripts, `files`.
    """
    request = context["request"]
    return {**panel.drafts(request.user, token), "request": request}

"""Confirming what was done at the desk, with Undo for the office's seconds."""

from __future__ import annotations

from django.contrib import messages

from officeflow.company.queries import get_office
from officeflow.staff.access import StaffRequest
from officeflow.ui.undo import offer_undo


def confirm_with_undo(request: StaffRequest, text: str, url: str) -> None:
    """Says what was done and offers to take it back by a POST to `url`."""
    seconds = get_office().undo_seconds
    if seconds:
        offer_undo(request, text=text, url=url, seconds=seconds)
    else:
        messages.success(request, text)

"""The search page."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from officeflow.staff.access import StaffRequest, permission_denied, requires
from officeflow.ui import search
from officeflow.ui.search_page import search_response


@require_safe
@requires()
def search_page(request: StaffRequest) -> HttpResponse:
    """Lists the records matching `q` that this person may see, by kind, closest first."""
    if not search.providers(request.user):
        return permission_denied(request, search.permissions())
    return search_response(request)

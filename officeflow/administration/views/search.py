"""One search box for everybody who has something to find."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from officeflow.staff.access import StaffRequest, not_yours, requires
from officeflow.ui import search
from officeflow.ui.search_page import answer


@require_safe
@requires()
def search_page(request: StaffRequest) -> HttpResponse:
    """Whatever this person may see that is meant by `q`, by kind, the surest first."""
    if not search.providers(request.user):
        return not_yours(request, search.permissions())
    return answer(request)

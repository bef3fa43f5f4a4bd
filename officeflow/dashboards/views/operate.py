"""The consistency check, and what an operator does about one dead hand-off."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officeflow.dashboards import consistency as check
from officeflow.dashboards.forms import ReasonForm
from officeflow.dashboards.visibility import is_hidden, visible_handoff
from officeflow.errors import Conflict, Refused
from officeflow.handoff import actions, equation, queries
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.permissions import Permission
from officeflow.records import url_of_number
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal


@require_safe
@requires(Permission.VIEW_DASHBOARDS)
def consistency(request: StaffRequest) -> HttpResponse:
    """Checks every hand-off, order and complaint, and lists the inconsistencies."""
    found = check.visible_inconsistencies(
        request.user,
        [
            *check.handoff_inconsistencies(),
            *check.effect_inconsistencies(),
            *check.stranded_tickets(),
        ],
    )
    return render(
        request,
        "dashboards/consistency.html",
        {
            "balance": equation.balance(),
            "inconsistencies": found[: check.MAX_LISTED],
            "more": max(0, len(found) - check.MAX_LISTED),
        },
    )


@require_safe
@requires(Permission.VIEW_DASHBOARDS)
def handoff(request: StaffRequest, pk: int) -> HttpResponse:
    """One hand-off: its receipts, its error and the actions of operators."""
    row = _handoff_or_404(pk)
    visible = visible_handoff(request.user, row)
    first = queries.in_front_of(row)
    context = {
        "handoff": visible,
        "hidden": is_hidden(row.destination, request.user),
        "record_url": url_of_number(request.user, visible.subject or ""),
        "first": visible_handoff(request.user, first) if first else None,
        "behind": queries.waiting_behind(row),
        "interventions": queries.interventions(row),
        "can_operate": visible.is_dead and request.user.may(Permission.OPERATE_HANDOFFS),
    }
    return render(request, "dashboards/handoff.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OPERATE_HANDOFFS)
def handoff_replay(request: StaffRequest, pk: int) -> HttpResponse:
    """Replays a dead hand-off."""
    return _operate(
        request,
        pk,
        act=actions.replay,
        template="dashboards/replay.html",
        done=_("The hand-off is on its way again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OPERATE_HANDOFFS)
def handoff_discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Gives a dead hand-off up, so that its stream goes on."""
    return _operate(
        request,
        pk,
        act=actions.discard,
        template="dashboards/discard.html",
        done=_("The hand-off is discarded. What waited behind it continues."),
    )


def _operate(
    request: StaffRequest, pk: int, *, act: Callable[..., None], template: str, done: str
) -> HttpResponse:
    row = _handoff_or_404(pk)
    address = reverse("dashboards:handoff", args=[pk])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(actor=request.user, handoff=row, reason=form.cleaned_data["reason"])
        except Conflict as conflict:
            messages.error(request, conflict.message)
            return redirect(address)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("dashboards:handoffs")
    elif row.state != HandoffState.DEAD:
        messages.error(request, _("This hand-off is not dead. There is nothing to do."))
        return redirect(address)
    context = {
        "form": form,
        "handoff": visible_handoff(request.user, row),
        "behind": queries.waiting_behind(row),
        "cancel_url": address,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _handoff_or_404(pk: int) -> Handoff:
    row = queries.find_handoff(pk)
    if row is None:
        raise Http404
    return row

"""The list of dead hand-offs, and the replay of all that its filters match."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from officeflow.dashboards.forms import DeadFilterForm, ReasonForm
from officeflow.dashboards.listing import count_words
from officeflow.dashboards.ranges import read_moment
from officeflow.dashboards.visibility import contract_title, visible_handoff
from officeflow.errors import Refused
from officeflow.handoff.actions import replay_some
from officeflow.handoff.clock import office_now
from officeflow.handoff.models import Destination
from officeflow.handoff.queries import (
    HandoffCriteria,
    count_dead_by_contract,
    count_died_again,
    count_replayed_by,
    hidden_from,
    replayable,
)
from officeflow.limits import is_moment
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.paging import page_of

FILTERS = ("destination", "contract", "error", "from", "to")


@require_safe
@requires(Permission.VIEW_DASHBOARDS)
def dead(request: StaffRequest) -> HttpResponse:
    """The dead hand-offs, newest first, in pages by key."""
    form = _form(request)
    criteria, hidden = _criteria(form), hidden_from(request.user)
    rows = replayable(criteria, hidden=hidden)
    page = page_of(
        request, rows.select_related("posted_by", "accepted_by"), order=("-id",), cursor="pk"
    )
    number = rows.count()
    return render(
        request,
        "dashboards/dead.html",
        {
            "form": form,
            "dead": [visible_handoff(request.user, row) for row in page.rows],
            "page": page,
            "number": number,
            "counted": count_words("hand-offs", number),
            "may_operate": request.user.may(Permission.OPERATE_HANDOFFS),
            "hides_some": bool(hidden) and criteria.reveals_content,
            "narrowed": any(request.GET.get(name) for name in FILTERS),
            "replay_url": _address("dead-replay", form),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.OPERATE_HANDOFFS)
def dead_replay(request: StaffRequest) -> HttpResponse:
    """Replays the dead hand-offs that the filters match, in batches, after a confirmation.

    Each POST replays one batch and answers with a form for the next, which a browser with
    scripts submits by itself. A batch that is submitted twice replays the next ones.
    """
    form = _form(request)
    criteria, hidden = _criteria(form), hidden_from(request.user)
    reason = ReasonForm(request.POST or None)
    since = _moment(request.POST.get("since", ""))
    back = _address("dead", form)
    if request.method == "POST" and not form.errors and reason.is_valid():
        since = since or office_now()
        words = reason.cleaned_data["reason"]
        try:
            replay_some(actor=request.user, criteria=criteria, reason=words, since=since)
        except Refused as refused:
            show_refusal(reason, refused)
        else:
            left = replayable(criteria, hidden=hidden, not_replayed_since=since).count()
            sent = count_replayed_by(request.user, since=since)
            context = {
                "reason": words,
                "since": since.isoformat(),
                "sent": sent,
                "left": left,
                "total": sent + left,
                "again": 0 if left else count_died_again(criteria, hidden=hidden, since=since),
                "cancel_url": back,
            }
            return render(request, "dashboards/dead_replaying.html", context)
    kinds = count_dead_by_contract(replayable(criteria, hidden=hidden), hidden=hidden)
    context = {
        "form": reason,
        "kinds": [
            (contract_title(kind.contract), Destination(kind.destination).label, kind.count)
            for kind in kinds
        ],
        "total": sum(kind.count for kind in kinds),
        "hides_some": bool(hidden) and criteria.reveals_content,
        "cancel_url": back,
        "refused": form.errors,
    }
    status = 422 if form.errors or reason.errors else 200
    return render(request, "dashboards/dead_replay.html", context, status=status)


def _form(request: StaffRequest) -> DeadFilterForm:
    """The filters of the query; days are in the office's zone."""
    office = request.office
    first, last = (request.GET.get(name, "") for name in ("from", "to"))
    start = read_moment(first, office) if first and office else None
    end = read_moment(last, office, is_end=True) if last and office else None
    form = DeadFilterForm(request.GET, bounds=(start, end))
    form.is_valid()  # valid fields filter the list; errors are shown beside their fields
    return form


def _criteria(form: DeadFilterForm) -> HandoffCriteria:
    chosen = form.cleaned_data
    start, end = form.bounds
    return HandoffCriteria(
        destination=chosen.get("destination", ""),
        contract=chosen.get("contract", ""),
        error=chosen.get("error", ""),
        start=start,
        end=end if not form.has_error("to") else None,
    )


def _address(name: str, form: DeadFilterForm) -> str:
    """The address of a page with the same filters."""
    query = urlencode({each: form.data[each] for each in FILTERS if form.data.get(each)})
    address = reverse(f"dashboards:{name}")
    return f"{address}?{query}" if query else address


def _moment(text: str) -> datetime | None:
    """The moment at which the replay began, from the form of the page before."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and is_moment(moment) else None

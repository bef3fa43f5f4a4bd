"""The lists behind the statistics: newest first, paginated by key, each with an export."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backoffice.accounting.reports import (
    filter_credit_notes,
    list_credit_note,
    list_open_invoice,
    open_balance,
    open_invoices,
)
from backoffice.tickets.reports import filter_tickets, listed
from frontdesk.reports import (
    listed_order,
    listed_payment,
    listed_refund,
    orders_matching,
    payments_matching,
    refunds_matching,
    sum_orders,
)
from officeflow.company.models import Office
from officeflow.dashboards import tables
from officeflow.dashboards.forms import HandoffFilterForm
from officeflow.dashboards.listing import (
    ListQuery,
    count_up_to_limit,
    count_words,
    order_sums_text,
    part_label,
    period_text,
    read_money,
    read_orders,
    read_tickets,
)
from officeflow.dashboards.ranges import read_moment
from officeflow.dashboards.visibility import is_hidden, visible_handoff
from officeflow.handoff.maintenance.retention import deleted_until
from officeflow.handoff.queries import HandoffCriteria, filter_handoffs, hidden_from
from officeflow.money import ZERO, format_money
from officeflow.numbering import normalise
from officeflow.permissions import Department, Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.paging import page_of

M = TypeVar("M", bound=Model)
HANDOFF_FILTERS = ("contract", "destination", "state", "accepted", "from", "to")


@require_safe
@requires(Permission.VIEW_DASHBOARDS)
def handoff_list(request: StaffRequest) -> HttpResponseBase:
    """Every hand-off that matches the filters; those to HR without their subject."""
    office = _office_or_404(request)
    raw = {name: request.GET.get(name, "") for name in ("from", "to")}
    start = read_moment(raw["from"], office) if raw["from"] else None
    end = read_moment(raw["to"], office, is_end=True) if raw["to"] else None
    form = HandoffFilterForm(request.GET, bounds=(start, end))
    form.is_valid()  # valid fields filter the list; errors are shown beside their fields
    chosen = form.cleaned_data
    hidden = hidden_from(request.user)
    criteria = HandoffCriteria(
        destination=chosen.get("destination", ""),
        state=chosen.get("state", ""),
        contract=chosen.get("contract", ""),
        subject=normalise(chosen.get("about", "")),
        is_accepted={"yes": True, "no": False}.get(chosen.get("accepted", "")),
        start=start,
        end=end if not form.has_error("to") else None,
    )
    rows = filter_handoffs(criteria, hidden=hidden).select_related("posted_by", "accepted_by")
    order = ("-posted_at", "-id")

    def shown(row: Any) -> Any:
        return visible_handoff(request.user, row, office)

    if kind := export.wanted(request):
        return export.respond(
            request,
            kind,
            name="hand-offs",
            columns=tables.HANDOFF_COLUMNS,
            rows=map(shown, export.in_chunks(rows, order)),
            plain=HANDOFF_FILTERS,
            form=form,
            is_hr=not hidden,
        )
    page = page_of(request, rows, order=order, cursor="pk")
    gap = deleted_until()
    number, is_more = count_up_to_limit(rows)
    by_the_clock = any(len(value) > len("2026-11-21") for value in raw.values())
    context = {
        "form": form,
        "rows": [shown(row) for row in page.rows],
        "page": page,
        "number": number,
        "counted": count_words("hand-offs", number, is_more=is_more),
        "hides_some": bool(hidden) and criteria.reveals_content,
        "gap_until": gap if gap and (start is None or start <= gap) else None,
        "when": period_text(start, end, office) if by_the_clock and (start or end) else "",
        "narrowed": any(request.GET.get(name) for name in (*HANDOFF_FILTERS, "about")),
    }
    status = 422 if form.errors else 200
    return render(request, "dashboards/handoff_list.html", context, status=status)


@require_safe
@requires(Permission.VIEW_DASHBOARDS)
def tickets(request: StaffRequest) -> HttpResponseBase:
    """The tickets behind a figure; HR's only for those who may see HR."""
    address = _address(request)
    criteria = read_tickets(address)
    now = timezone.now()
    hidden = [each for each in Department if is_hidden(each.value, request.user)]
    visible = [each for each in Department if each not in hidden]
    order = ("-due_at", "-id") if criteria.due_start or criteria.due_end else ("-created_at", "-id")
    return _list(
        request,
        address,
        template="dashboards/tickets.html",
        name="tickets",
        rows=filter_tickets(criteria, visible, now),
        order=order,
        shown=lambda ticket: listed(request.user, ticket, now),
        columns=tables.TICKET_COLUMNS,
        is_hr=not hidden,
        extra={"hides_some": bool(hidden) and criteria.department in ("", *hidden)},
    )


@require_safe
@requires(Permission.VIEW_TRADE)
def orders(request: StaffRequest) -> HttpResponseBase:
    """The orders behind a figure."""
    address = _address(request)
    criteria = read_orders(address)
    rows = orders_matching(criteria)
    part = part_label(criteria)
    return _list(
        request,
        address,
        template="dashboards/orders.html",
        name="orders",
        rows=rows,
        order=("-ordered_at", "-id"),
        shown=listed_order,
        columns=tables.order_columns(part),
        extra={"may_open": request.user.may(Permission.VIEW_DESK), "part": part},
        sums=lambda: order_sums_text(sum_orders(rows, criteria), criteria),
        is_bounded=bool(criteria.start and criteria.end),
    )


@require_safe
@requires(Permission.VIEW_TRADE)
def payments(request: StaffRequest) -> HttpResponseBase:
    """The payments behind a figure."""
    address = _address(request)
    criteria = read_money(address)
    rows = payments_matching(criteria)
    return _list(
        request,
        address,
        template="dashboards/money.html",
        name="payments",
        rows=rows,
        order=("-taken_at", "-id"),
        shown=listed_payment,
        columns=tables.MONEY_COLUMNS,
        extra={"may_open": request.user.may(Permission.VIEW_DESK)},
        sums=lambda: [_sum(rows, "amount", criteria.currency)],
        is_bounded=bool(criteria.start and criteria.end),
    )


@require_safe
@requires(Permission.VIEW_TRADE)
def refunds(request: StaffRequest) -> HttpResponseBase:
    """The refunds behind a figure."""
    address = _address(request)
    criteria = read_money(address)
    rows = refunds_matching(criteria)
    return _list(
        request,
        address,
        template="dashboards/money.html",
        name="refunds",
        rows=rows,
        order=("-paid_at", "-id"),
        shown=listed_refund,
        columns=tables.MONEY_COLUMNS,
        extra={"may_open": request.user.may(Permission.VIEW_DESK), "are_refunds": True},
        sums=lambda: [_sum(rows, "amount", criteria.currency)],
        is_bounded=bool(criteria.start and criteria.end),
    )


@require_safe
@requires(Permission.VIEW_TRADE)
def credit_notes(request: StaffRequest) -> HttpResponseBase:
    """The credit notes behind a figure."""
    address = _address(request)
    criteria = read_money(address)
    rows = filter_credit_notes(criteria.start, criteria.end, address.office.currency)
    return _list(
        request,
        address,
        template="dashboards/credits.html",
        name="credit-notes",
        rows=rows,
        order=("-issued_at", "-id"),
        shown=list_credit_note,
        columns=tables.CREDIT_COLUMNS,
        extra={"may_open": request.user.may(Permission.VIEW_BOOKS)},
        sums=lambda: [
            _sum(rows, "net", criteria.currency, _("Net")),
            _sum(rows, "gross", criteria.currency),
        ],
        is_bounded=bool(criteria.start and criteria.end),
    )


@require_safe
@requires(Permission.VIEW_TRADE)
def owed(request: StaffRequest) -> HttpResponseBase:
    """The invoices that are not paid in full, whatever the range."""
    address = _address(request)
    currency = address.office.currency
    return _list(
        request,
        address,
        template="dashboards/owed.html",
        name="owed",
        rows=open_invoices(currency),
        order=("-issued_at", "-id"),
        shown=list_open_invoice,
        columns=tables.OWED_COLUMNS,
        extra={"may_open": request.user.may(Permission.VIEW_BOOKS)},
        sums=lambda: [
            f"{_('Still owed')} {format_money(open_balance(address.office).amount, currency)}"
        ],
        is_bounded=True,
    )


def _list(
    request: StaffRequest,
    address: ListQuery,
    *,
    template: str,
    name: str,
    rows: QuerySet[M],
    order: Sequence[str],
    shown: Callable[[M], Any],
    columns: Sequence[export.ExportColumn[Any]],
    extra: dict[str, Any],
    is_hr: bool = False,
    sums: Callable[[], list[str]] = list,
    is_bounded: bool = False,
) -> HttpResponseBase:
    # Sums are those of all rows; without bounds they are left out when there are very many.
    if kind := export.wanted(request):
        return export.respond(
            request,
            kind,
            name=name,
            columns=columns,
            rows=_each(shown, export.in_chunks(rows, order)),
            plain=("from", "to", "department", "state"),
            is_hr=is_hr,
        )
    page = page_of(request, rows, order=order)
    number, is_more = count_up_to_limit(rows)
    context = {
        "rows": [shown(row) for row in page.rows],
        "page": page,
        "number": number,
        "counted": count_words(name, number, is_more=is_more),
        "sums": sums() if number and (is_bounded or not is_more) else [],
        "active_filters": address.active_filters,
        **extra,
    }
    return render(request, template, context)


def _sum(rows: QuerySet[M], field: str, currency: str, label: str = "") -> str:
    amount = rows.order_by().aggregate(sum=Sum(field, default=ZERO))["sum"]
    return f"{label or _('Total')} {format_money(amount, currency)}"


def _each(shown: Callable[[M], Any], rows: Iterator[M]) -> Iterator[Any]:
    return map(shown, rows)


def _address(request: StaffRequest) -> ListQuery:
    return ListQuery(request.path, request.GET, _office_or_404(request))


def _office_or_404(request: StaffRequest) -> Office:
    if request.office is None:
        raise Http404
    return request.office

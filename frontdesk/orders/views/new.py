"""The page on which an order is placed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontdesk.customers.actions.customers import LikelyDuplicate
from frontdesk.customers.choice import (
    customer_from_form,
    initial_customer,
    show_duplicates,
    show_duplicates_beside_errors,
)
from frontdesk.customers.queries.customers import customer_by_number
from frontdesk.draft_forms import ORDER
from frontdesk.orders.actions.place import MOST_LINES, place_order
from frontdesk.orders.actions.pricing import LineRefused, PricesChanged
from frontdesk.orders.forms import OrderForm, OrderLines
from frontdesk.orders.models import Delivery
from officeflow.company.queries import get_office
from officeflow.company.working_site import working_site
from officeflow.drafts.pages import PageDraft, page_draft
from officeflow.errors import Refused
from officeflow.money import LineAmounts, total
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.query_parameters import query_parameter


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PLACE_ORDER)
def order_new(request: StaffRequest) -> HttpResponse:
    """Places an order; without scripts it also adds and removes rows and chooses customers."""
    draft = page_draft(request, ORDER)
    if request.method != "POST":
        customer = customer_by_number(query_parameter(request, "customer"))
        form = OrderForm(initial=draft.initial(**initial_customer(customer)))
        typed = draft.restored.fields if draft.restored else None
        skus = [sku[:40] for sku in request.GET.getlist("product")[:MOST_LINES]]
        lines = OrderLines(typed, office=get_office(), skus=skus)
        address = customer.address if customer and not typed else ""
        return _page(request, draft, form, lines, address=address)
    form, lines = OrderForm(request.POST), OrderLines(request.POST, office=get_office())
    if "remove-line" in request.POST:
        lines = lines.without_row(request.POST["remove-line"])
        return _page(request, draft, form, lines, checked=False)
    if "add-line" in request.POST:
        return _page(request, draft, form, lines.with_row(), checked=False)
    if "use-customer" in request.POST:
        form.choose_customer(request.POST["use-customer"])
        form.is_valid()  # finds the record, for its address
        return _page(request, draft, form, lines, checked=False)
    if "new-customer" in request.POST:
        form.start_new_customer()
        return _page(request, draft, form, lines, checked=False)
    if all([form.is_valid(), lines.is_valid()]):
        number = _place(request, draft, form, lines)
        if number:
            return redirect("frontdesk:order", number=number)
    else:
        show_duplicates_beside_errors(form)
    return _page(request, draft, form, lines, status=422)


def _place(request: StaffRequest, draft: PageDraft, form: OrderForm, lines: OrderLines) -> str:
    """Places the order once for each form; returns the number, or "" when it was refused."""
    try:
        outcome = form.run_once(
            actor=request.user,
            endpoint="desk.order-new",
            body=_body(form, lines),
            effect=lambda: {"number": _effect(request, draft, form, lines)},
            reused=_(
                "You have already placed a different order from this page. To place this one "
                "too, press the button again."
            ),
        )
    except LikelyDuplicate as likely:
        show_duplicates(form, likely)
    except PricesChanged as changed:
        form.price_changes = changed.changes
        lines.say_changes()
    except LineRefused as refused:
        lines.filled[refused.index].refuse(refused)
    except Refused as refused:
        if refused.field == "lines":
            lines.non_form_errors().append(refused.message)
        else:
            show_refusal(form, refused)
    else:
        number: str = outcome.result["number"]
        if not outcome.replayed:
            messages.success(request, _("Order %(number)s is placed.") % {"number": number})
        return number
    return ""


def _effect(request: StaffRequest, draft: PageDraft, form: OrderForm, lines: OrderLines) -> str:
    data = form.cleaned_data
    customer = customer_from_form(request.user, form)
    order = place_order(
        actor=request.user,
        site=working_site(request),
        customer=customer,
        lines=lines.lines(),
        delivery=Delivery(data["delivery"]),
        delivery_address=data["delivery_address"],
        wanted_by_date=data["wanted_by_date"],
        note=data["note"],
    )
    draft.end()
    return order.number


def _body(form: OrderForm, lines: OrderLines) -> dict[str, Any]:
    """Returns the values in which two submissions of one form must not differ."""
    record = form.cleaned_data["record"]
    return {
        "customer": record.number if record else None,
        "new": form.new_customer() if form.adds_customer else None,
        "lines": [
            [line.product.sku, str(line.quantity.normalize()), str(line.discount_percent)]
            for line in lines.lines()
        ],
        **{
            name: str(form.cleaned_data[name] or "")
            for name in ("delivery", "delivery_address", "wanted_by_date", "note")
        },
    }


@require_POST
@requires(Permission.PLACE_ORDER)
def order_totals(request: StaffRequest) -> HttpResponse:
    """Returns the amounts of the complete lines and their total."""
    lines = OrderLines(request.POST, office=get_office())
    return render(request, "frontdesk/orders/totals_refresh.html", _totals(lines))


def _totals(lines: OrderLines) -> dict[str, Any]:
    found = [form.priced for form in lines.forms if form.is_valid() and form.priced]
    amounts: LineAmounts = total(each.amounts for each in found)
    return {
        "lines": lines,
        "sums": amounts,
        "line_count": len(found),
        "unpriced": len(lines.filled) - len(found) if lines.is_bound else 0,
        "currency": lines.office.currency,
    }


def _page(
    request: StaffRequest,
    draft: PageDraft,
    form: OrderForm,
    lines: OrderLines,
    *,
    status: int = 200,
    checked: bool = True,
    address: str = "",
) -> HttpResponse:
    record = getattr(form, "cleaned_data", {}).get("record") if form.is_bound else None
    context = {
        "form": form,
        "draft": draft,
        "show_errors": checked,
        "customer_address": address or (record.address if record else ""),
        "today": timezone.localdate().isoformat(),
        **_totals(lines),
    }
    return render(request, "frontdesk/orders/new.html", context, status=status)

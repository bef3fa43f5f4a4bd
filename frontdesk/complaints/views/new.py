"""The page on which a complaint is logged."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.forms import ComplaintForm
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.complaints.visibility import realm_of_author
from frontdesk.customers.actions.customers import LikelyDuplicate
from frontdesk.customers.choice import (
    customer_from_form,
    initial_customer,
    show_duplicates,
    show_duplicates_beside_errors,
)
from frontdesk.customers.queries.customers import customer_by_number
from frontdesk.draft_forms import COMPLAINT
from frontdesk.orders.models import Order
from officeflow.attachments.actions import attach_drafts
from officeflow.attachments.models import DRAFT
from officeflow.attachments.views import attach_uploads, delete_draft_of_form, draft_token
from officeflow.company.working_site import working_site
from officeflow.drafts.pages import PageDraft, page_draft
from officeflow.errors import Refused
from officeflow.handoff.contract_labels import Severity
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.query_parameters import query_parameter

CATEGORIES = [
    (ComplaintCategory.GOODS, "box"),
    (ComplaintCategory.BILLING, "invoice"),
    (ComplaintCategory.SERVICE, "counter"),
    (ComplaintCategory.CONDUCT, "lock"),
    (ComplaintCategory.OTHER, "message"),
]


# A complaint about a colleague must not stay in the cache of a shared browser.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RAISE_COMPLAINT)
def complaint_new(request: StaffRequest) -> HttpResponse:
    """Logs a complaint; `?order=` or `?customer=` fill in the customer."""
    draft = page_draft(request, COMPLAINT)
    typed = draft.restored.fields if draft.restored else request.POST
    token = draft_token(typed.get("files_token", ""))
    if request.method != "POST":
        form = ComplaintForm(initial=draft.initial(**_initial(request)))
        return _page(request, draft, form, token)
    # Files are stored first: a browser does not send them again with a refused form.
    _taken, refused = attach_uploads(request, DRAFT, token)
    if "drop_file" in request.POST:
        delete_draft_of_form(request, request.POST["drop_file"])
        return _page(request, draft, ComplaintForm(initial=request.POST.dict()), token)
    form = ComplaintForm(request.POST)
    if "use-customer" in request.POST or "new-customer" in request.POST:
        if "use-customer" in request.POST:
            form.choose_customer(request.POST["use-customer"])
        else:
            form.start_new_customer()
        return _page(request, draft, ComplaintForm(initial=dict(form.data.items())), token)
    for words in refused:
        form.add_error(None, words)
    if form.is_valid():
        number = _log(request, draft, form, token)
        if number:
            return redirect("frontdesk:complaint", number=number)
    else:
        show_duplicates_beside_errors(form)
    return _page(request, draft, form, token, status=422)


def _initial(request: StaffRequest) -> dict[str, Any]:
    number = normalise(query_parameter(request, "order"))
    order = Order.objects.select_related("customer").filter(number=number).first()
    customer = order.customer if order else None
    if customer is None:
        customer = customer_by_number(query_parameter(request, "customer"))
    return initial_customer(customer) | ({"order": order.number} if order else {})


def _log(request: StaffRequest, draft: PageDraft, form: ComplaintForm, token: str) -> str:
    """Logs the complaint once for each form; returns the number, or "" when it was refused."""
    data = form.cleaned_data
    record = data["record"]
    body = {name: str(data.get(name) or "") for name in form.fields if name != "idempotency_key"}
    body["customer_name"] = record.number if record else ""
    try:
        outcome = form.run_once(
            actor=request.user,
            endpoint="desk.complaint-new",
            body=body,
            effect=lambda: {"number": _effect(request, draft, form, token)},
            reused=_(
                "You have already logged a different complaint from this page. To log this one "
                "too, press the button again."
            ),
        )
    except LikelyDuplicate as likely:
        show_duplicates(form, likely)
    except Refused as refused:
        show_refusal(form, refused)
    else:
        number: str = outcome.result["number"]
        if not outcome.replayed:
            messages.success(request, _("Complaint %(number)s is logged.") % {"number": number})
        return number
    return ""


def _effect(request: StaffRequest, draft: PageDraft, form: ComplaintForm, token: str) -> str:
    data = form.cleaned_data
    customer = customer_from_form(request.user, form, realm=realm_of_author(data["category"]))
    complaint = raise_complaint(
        actor=request.user,
        site=working_site(request),
        customer=customer,
        category=ComplaintCategory(data["category"]),
        description=data["description"],
        severity=Severity(data["severity"]),
        desired_outcome=data["desired_outcome"],
        order=form.chosen_order,
        order_line=data["found_line"],
        product=data["found_product"],
    )
    attach_drafts(actor=request.user, token=token, kind="complaint", number=complaint.number)
    draft.end()
    return complaint.number


@never_cache
@require_POST
@requires(Permission.RAISE_COMPLAINT)
def complaint_about(request: StaffRequest) -> HttpResponse:
    """Returns the choice of the lines of the chosen order."""
    form = ComplaintForm(request.POST)
    return render(request, "frontdesk/complaints/about_line.html", {"form": form})


def _page(
    request: StaffRequest,
    draft: PageDraft,
    form: ComplaintForm,
    token: str,
    *,
    status: int = 200,
) -> HttpResponse:
    chosen = form["category"].value()
    categories = [
        {"value": each.value, "label": each.label, "icon": icon, "chosen": chosen == each.value}
        for each, icon in CATEGORIES
    ]
    context = {"form": form, "draft": draft, "categories": categories, "files_token": token}
    return render(request, "frontdesk/complaints/new.html", context, status=status)

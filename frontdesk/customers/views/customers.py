"""The list of customers, one customer's page, adding and editing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from frontdesk.counter.customer_statistics import customer_statistics
from frontdesk.customers.actions.customers import (
    FIELDS,
    LikelyDuplicate,
    add_customer,
    change_customer,
)
from frontdesk.customers.choice import show_duplicates
from frontdesk.customers.exports import CUSTOMERS
from frontdesk.customers.forms import CustomerEditForm, CustomerForm, CustomerNoteForm
from frontdesk.customers.models import Customer
from frontdesk.customers.queries.contacts import contacts_of
from frontdesk.customers.queries.customers import (
    customer_by_number,
    customers,
    customers_matching,
    find_customers,
)
from frontdesk.draft_forms import CUSTOMER, CUSTOMER_EDIT, CUSTOMER_NOTE
from frontdesk.timelines.customers import TABS, customer_timeline
from officeflow.company.queries import get_office
from officeflow.drafts.pages import PageDraft, page_draft
from officeflow.errors import Refused, StaleRecord
from officeflow.numbering import normalise
from officeflow.parts import load_parts
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal
from officeflow.ui.paging import page_of
from officeflow.ui.query_parameters import query_parameter
from officeflow.ui.search import SearchQuery

ORDER = ("name_key", "id")
MOST_SIMILAR = 10
TAB_LABELS = {
    "all": gettext_lazy("Everything"),
    "orders": gettext_lazy("Orders"),
    "complaints": gettext_lazy("Complaints"),
    "money": gettext_lazy("Money"),
    "notes": gettext_lazy("Notes"),
    "messages": gettext_lazy("Messages"),
}


@require_safe
@requires(Permission.VIEW_DESK)
def customer_list(request: StaffRequest) -> HttpResponseBase:
    """Lists customers by name, or those who match `find`; similar names when nobody matches."""
    text = query_parameter(request, "find")
    rows = customers().filter(customers_matching(text)) if text else customers()
    if kind := export.wanted(request):
        found = export.in_chunks(rows.select_related("merged_into"), ORDER)
        return export.respond(request, kind, name="customers", columns=CUSTOMERS, rows=found)
    page = page_of(request, rows, order=ORDER)
    question = SearchQuery.of(text)
    similar = []
    if text and not page.rows:
        similar = find_customers(question, limit=MOST_SIMILAR, inactive=True)
    context = {
        "page": page,
        "text": text,
        "query": question,
        "similar_customers": [each.customer for each in similar],
        "can_import": request.user.may(Permission.IMPORT_CUSTOMERS),
    }
    return render(request, "frontdesk/customers/list.html", context)


@require_safe
@requires(Permission.VIEW_DESK)
def customer_page(request: StaffRequest, number: str) -> HttpResponse:
    """Shows a customer's contacts, figures and timeline."""
    customer = find_customer(number)
    if customer.number != normalise(number):
        messages.info(
            request,
            _("%(old)s was merged into this record, %(new)s.")
            % {"old": normalise(number), "new": customer.number},
        )
        return redirect("frontdesk:customer", number=customer.number)
    return render(request, "frontdesk/customers/page.html", page_context(request, customer))


def page_context(
    request: StaffRequest,
    customer: Customer,
    note: CustomerNoteForm | None = None,
    draft: PageDraft | None = None,
) -> dict[str, Any]:
    """Returns the context of a customer's page; the number of queries is fixed."""
    load_parts(customer, {"merged": ()})
    tab = query_parameter(request, "show")
    tab = tab if tab in TABS else next(iter(TABS))
    behind = query_parameter(request, "behind")
    address = reverse("frontdesk:customer", args=[customer.number])
    shown = {"show": tab} if tab != next(iter(TABS)) else {}
    timeline = customer_timeline(customer, tab=tab, behind=behind)
    following = urlencode({**shown, "behind": timeline.following})
    draft = draft or page_draft(request, CUSTOMER_NOTE, customer.number)
    return {
        "customer": customer,
        "merged": sorted(each.number for each in customer.merged.all()),
        "figures": customer_statistics(customer, get_office().currency),
        "contacts": contacts_of(customer),
        "timeline": timeline.items,
        "tabs": [
            {
                "label": label,
                "url": f"{address}?show={name}#timeline"
                if name != "all"
                else f"{address}#timeline",
                "current": name == tab,
            }
            for name, label in TAB_LABELS.items()
        ],
        "older_url": f"{address}?{following}#timeline" if timeline.following else "",
        "newest_url": f"{address}?{urlencode(shown)}#timeline" if behind else "",
        "note_form": note or CustomerNoteForm(initial=draft.initial()),
        "draft": draft,
        "may_edit": request.user.may(Permission.EDIT_CUSTOMER),
    }


def find_customer(number: str) -> Customer:
    """Returns the customer with a number, the kept record for a merged one, or raises 404."""
    customer = customer_by_number(number)
    if customer is None:
        raise Http404
    return customer


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def customer_new(request: StaffRequest) -> HttpResponse:
    """Adds a customer; shows likely duplicates first."""
    draft = page_draft(request, CUSTOMER)
    initial = draft.initial(name=query_parameter(request, "name"))
    form = CustomerForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            number = _add(request, draft, form)
            if number:
                return redirect("frontdesk:customer", number=number)
            status = 409 if form.duplicates else 422
    context = {"form": form, "draft": draft, "cancel_url": reverse("frontdesk:customers")}
    return render(request, "frontdesk/customers/new.html", context, status=status)


def _add(request: StaffRequest, draft: PageDraft, form: CustomerForm) -> str:
    """Adds the customer once for each form; returns the number, or "" when it was refused."""
    values = form.values()

    def effect() -> dict[str, str]:
        added = add_customer(
            actor=request.user,
            refuse_duplicates=True,
            declined=form.cleaned_data["declined"],
            **values,
        )
        draft.end()
        return {"number": added.number}

    try:
        outcome = form.run_once(
            actor=request.user,
            endpoint="desk.customer-new",
            body=values,
            effect=effect,
            reused=_(
                "You have already added a customer from this page. To add this one too, press "
                "the button again."
            ),
        )
    except LikelyDuplicate as likely:
        show_duplicates(form, likely)
    except Refused as refused:
        show_refusal(form, refused)
    else:
        number: str = outcome.result["number"]
        messages.success(request, _("%(name)s is added.") % {"name": values["name"]})
        return number
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def customer_edit(request: StaffRequest, number: str) -> HttpResponse:
    """Edits a customer; after a colleague's change, the form shows both values."""
    customer = find_customer(number)
    draft = page_draft(request, CUSTOMER_EDIT, customer.number)
    # A restored form is bound: it keeps the version of the record that its author has seen.
    typed = draft.restored.fields if draft.restored else None
    form = CustomerEditForm(request.POST or typed, initial=_values(customer))
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "customer": customer,
        "cancel_url": reverse("frontdesk:customer", args=[customer.number]),
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with draft.sending():
                    saved = change_customer(
                        actor=request.user,
                        customer=customer,
                        refuse_duplicates=True,
                        **form.cleaned_data,
                    )
            except StaleRecord as stale:
                status = 409
                context |= differences(form, stale, _values)
            except LikelyDuplicate as likely:
                status = 409
                show_duplicates(form, likely)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("%(name)s is saved.") % {"name": saved.name})
                return redirect("frontdesk:customer", number=saved.number)
    return render(request, "frontdesk/customers/edit.html", context, status=status)


def _values(customer: Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in ("version", *FIELDS)}

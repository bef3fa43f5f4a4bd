"""The pages of tax rates and categories."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from officeflow.catalogue import actions, queries
from officeflow.catalogue.forms import CategoryForm, PricesIncludeTaxForm, TaxRateForm
from officeflow.catalogue.models import Category, TaxRate
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal


@requires(Permission.MANAGE_CATALOGUE)
def tax(request: StaffRequest) -> HttpResponse:
    """Lists the tax rates and adds one, and shows whether prices include tax."""
    form = TaxRateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            actions.add_tax_rate(
                actor=request.user, name=cleaned["name"], rate=cleaned["percent"] / 100
            )
        except Refused as refused:
            _show_rate_refusal(form, refused)
        else:
            messages.success(request, _("The rate is added."))
            return redirect("catalogue:tax")
    price_list = actions.main_price_list()
    current = "1" if price_list.includes_tax else "0"
    context = {
        "form": form,
        "rates": queries.tax_rates_with_use(),
        "price_list": price_list,
        "meaning": PricesIncludeTaxForm(initial={"before": current, "includes_tax": current}),
    }
    return render(request, "catalogue/tax.html", context)


@require_POST
@requires(Permission.MANAGE_CATALOGUE)
def tax_retire(request: StaffRequest) -> HttpResponse:
    """Retires a rate."""
    rate = _rate(request.POST.get("code", ""))
    try:
        actions.retire_tax_rate(actor=request.user, tax_rate=rate)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The rate is retired."))
    return redirect("catalogue:tax")


@require_POST
@requires(Permission.MANAGE_CATALOGUE)
def tax_standard(request: StaffRequest) -> HttpResponse:
    """Makes a rate the standard rate."""
    rate = _rate(request.POST.get("code", ""))
    try:
        actions.make_standard(actor=request.user, tax_rate=rate)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("%(name)s is the standard rate.") % {"name": rate.name})
    return redirect("catalogue:tax")


@requires(Permission.MANAGE_CATALOGUE)
def tax_replace(request: StaffRequest, code: str) -> HttpResponse:
    """Replaces a rate on all its products, after a page that shows how many there are."""
    rate = _rate(code)
    form = TaxRateForm(request.POST or None, initial={"name": rate.name})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.replace_tax_rate(
                actor=request.user,
                tax_rate=rate,
                name=typed["name"],
                rate=typed["percent"] / Decimal(100),
            )
        except Refused as refused:
            _show_rate_refusal(form, refused)
        else:
            messages.success(request, _("The rate is replaced."))
            return redirect("catalogue:tax")
    context = {
        "form": form,
        "rate": rate,
        "used_by": rate.products.count(),
        "cancel_url": reverse("catalogue:tax"),
    }
    return render(request, "catalogue/tax_replace.html", context)


@require_POST
@requires(Permission.MANAGE_CATALOGUE)
def price_meaning(request: StaffRequest) -> HttpResponse:
    """Sets whether prices include tax."""
    form = PricesIncludeTaxForm(request.POST)
    if form.is_valid():
        try:
            actions.set_prices_include_tax(
                actor=request.user, price_list=actions.main_price_list(), **form.cleaned_data
            )
        except Conflict as conflict:
            messages.error(request, conflict.message)
        else:
            messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose whether prices include tax."))
    return redirect("catalogue:tax")


@requires(Permission.MANAGE_CATALOGUE)
def categories(request: StaffRequest) -> HttpResponse:
    """Lists the categories and adds one."""
    form = CategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_category(actor=request.user, name=form.cleaned_data["name"])
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The category is added."))
            return redirect("catalogue:categories")
    context = {"form": form, "categories": queries.categories_with_use()}
    return render(request, "catalogue/categories.html", context)


@requires(Permission.MANAGE_CATALOGUE)
def category(request: StaffRequest, name: str) -> HttpResponse:
    """Shows and changes a category."""
    found = get_object_or_404(Category, name=name)
    form = CategoryForm(request.POST or None, initial=_values(found))
    context: dict[str, object] = {"form": form, "category": found}
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.change_category(
                actor=request.user,
                category=found,
                version=typed["version"] or 0,
                name=typed["name"],
                is_active=typed["is_active"],
            )
        except Refused as refused:
            show_refusal(form, refused)
        except StaleRecord as stale:
            context |= differences(form, stale, _values)
            return render(request, "catalogue/category.html", context, status=409)
        else:
            messages.success(request, _("Saved."))
            return redirect("catalogue:categories")
    return render(request, "catalogue/category.html", context)


def _rate(code: str) -> TaxRate:
    return get_object_or_404(TaxRate, code=code)


def _values(found: Category) -> dict[str, object]:
    return {"version": found.version, "name": found.name, "is_active": found.is_active}


def _show_rate_refusal(form: TaxRateForm, refused: Refused) -> None:
    """Shows an error beside the form's field for the action's field."""
    field = {"rate": "percent", "code": "name"}.get(refused.field, refused.field)
    show_refusal(form, Refused(refused.message, field))

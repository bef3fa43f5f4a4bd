"""The pages of products."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from officeflow.catalogue import actions, queries
from officeflow.catalogue.exports import PRODUCTS
from officeflow.catalogue.forms import NewProductForm, ProductForm, values_of
from officeflow.catalogue.models import Category, Product
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal
from officeflow.ui.paging import page_of
from officeflow.ui.query_parameters import leave_out_value, query_parameter

VIEW_PERMISSIONS = (Permission.VIEW_CATALOGUE, Permission.MANAGE_CATALOGUE)


@requires(*VIEW_PERMISSIONS)
def products(request: StaffRequest) -> HttpResponseBase:
    """Lists the products by code, with filters; exports the list."""
    text = query_parameter(request, "q")
    everything = request.GET.get("all") == "1"
    named = request.GET.get("category", "")
    category = Category.objects.filter(name=named).first() if named else None
    if named and category is None:
        leave_out_value(request, named)
    rows = queries.products(text, inactive=everything, category=category)
    if kind := export.wanted(request):
        found = export.in_chunks(rows, ["sku"])
        return export.respond(
            request, kind, name="products", columns=PRODUCTS, rows=found, plain=("all", "category")
        )
    context = {
        "page": page_of(request, rows, order=["sku"], cursor="sku"),
        "text": text,
        "everything": everything,
        "category": category,
        "categories": queries.categories(),
        "can_manage": request.user.may(Permission.MANAGE_CATALOGUE),
        "can_import": request.user.may(Permission.IMPORT_PRODUCTS),
    }
    return render(request, "catalogue/products.html", context)


@requires(Permission.MANAGE_CATALOGUE)
def product_new(request: StaffRequest) -> HttpResponse:
    """Adds a product."""
    if not queries.tax_rates().exists():
        messages.info(request, _("Add a tax rate first. Every product needs one."))
        return redirect("catalogue:tax")
    initial = {"price_list": actions.main_price_list(), "tax_rate": queries.standard_tax_rate()}
    form = NewProductForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            product = actions.add_product(
                actor=request.user,
                sku=form.cleaned_data["sku"],
                details=form.details(),
                new_category=form.cleaned_data["new_category"],
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": product.name})
            return redirect("catalogue:product", sku=product.sku)
    return render(request, "catalogue/product_new.html", {"form": form})


@requires(*VIEW_PERMISSIONS)
def product(request: StaffRequest, sku: str) -> HttpResponse:
    """Shows a product, and changes it for people with permission."""
    found = get_object_or_404(Product.objects.with_price(), sku=sku)
    if not request.user.may(Permission.MANAGE_CATALOGUE):
        context = {"product": found, "prices": queries.price_history(found)}
        return render(request, "catalogue/product.html", context)
    return _change(request, found)


def _change(request: StaffRequest, found: Product) -> HttpResponse:
    form = ProductForm(request.POST or None, initial=values_of(found), product=found)
    context: dict[str, object] = {"form": form, "product": found}
    context["prices"] = queries.price_history(found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_product(
                actor=request.user,
                product=found,
                version=form.cleaned_data["version"] or 0,
                details=form.details(),
                new_category=form.cleaned_data["new_category"],
            )
        except Refused as refused:
            show_refusal(form, refused)
        except StaleRecord as stale:
            context |= differences(form, stale, values_of)
            return render(request, "catalogue/product_edit.html", context, status=409)
        else:
            messages.success(request, _("Saved."))
            return redirect(reverse("catalogue:product", args=[found.sku]))
    return render(request, "catalogue/product_edit.html", context)

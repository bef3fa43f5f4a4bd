"""The catalogue's pages: the list, one product, and the tax rates."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from officeflow.catalogue import actions, queries
from officeflow.catalogue.exports import PRODUCTS
from officeflow.catalogue.forms import NewProductForm, ProductForm, TaxRateForm, values_of
from officeflow.catalogue.models import Product, TaxRate
from officeflow.errors import Refused
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.permissions import Permission
from officeflow.ui import export
from officeflow.ui.stale import differences

SEE = (Permission.VIEW_CATALOGUE, Permission.MANAGE_CATALOGUE)


@requires(*SEE)
def products(request: StaffRequest) -> HttpResponseBase:
    """What is sold, by code; a text narrows it down."""
    text = request.GET.get("q", "").strip()
    everything = request.GET.get("all") == "1"
    if kind := export.wanted(request):
        found = export.in_chunks(queries.products(text, inactive=everything), ["sku"])
        return export.respond(
            request, kind, name="products", columns=PRODUCTS, rows=found, plain=("all",)
        )
    rows, following = queries.products_after(
        request.GET.get("after", ""), text=text, inactive=everything
    )
    kept = {"q": text} if text else {}
    if everything:
        kept["all"] = "1"
    context = {
        "products": rows,
        "text": text,
        "everything": everything,
        "next_url": f"?{urlencode({**kept, 'after': following})}" if following else "",
        "can_manage": request.user.may(Permission.MANAGE_CATALOGUE),
    }
    return render(request, "catalogue/products.html", context)


@requires(Permission.MANAGE_CATALOGUE)
def product_new(request: StaffRequest) -> HttpResponse:
    """Something new to sell."""
    if not queries.tax_rates().exists():
        messages.info(request, _("Add a tax rate first; every product carries one."))
        return redirect("catalogue:tax")
    initial = {"price_list": actions.main_price_list(), "tax_rate": queries.tax_rates().first()}
    form = NewProductForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            product = actions.add_product(
                actor=request.user, sku=form.cleaned_data["sku"], details=form.details()
            )
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, _("%(name)s is in the catalogue.") % {"name": product.name})
            return redirect("catalogue:product", sku=product.sku)
    return render(request, "catalogue/product_new.html", {"form": form})


@requires(*SEE)
def product(request: StaffRequest, sku: str) -> HttpResponse:
    """One product; those who may, change it here."""
    found = get_object_or_404(Product.objects.with_price(), sku=sku)
    if not request.user.may(Permission.MANAGE_CATALOGUE):
        return render(request, "catalogue/product.html", {"product": found})
    return _change(request, found)


@requires(Permission.MANAGE_CATALOGUE)
def tax(request: StaffRequest) -> HttpResponse:
    """The tax rates, and adding one."""
    form = TaxRateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.add_tax_rate(
                actor=request.user,
                code=typed["code"],
                name=typed["name"],
                rate=typed["percent"] / 100,
            )
        except Refused as refused:
            field = "percent" if refused.field == "rate" else refused.field
            form.add_error(field or None, refused.message)
        else:
            messages.success(request, _("The rate is added."))
            return redirect("catalogue:tax")
    context = {"form": form, "rates": queries.tax_rates(), "price_lists": queries.price_lists()}
    return render(request, "catalogue/tax.html", context)


@require_POST
@requires(Permission.MANAGE_CATALOGUE)
def tax_retire(request: StaffRequest) -> HttpResponse:
    """Offers a rate to no new product."""
    rate = get_object_or_404(TaxRate, code=request.POST.get("code", ""))
    try:
        actions.retire_tax_rate(actor=request.user, tax_rate=rate)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The rate is offered no more."))
    return redirect("catalogue:tax")


def _change(request: StaffRequest, found: Product) -> HttpResponse:
    form = ProductForm(request.POST or None, initial=values_of(found), tax_rate=found.tax_rate)
    context: dict[str, object] = {"form": form, "product": found}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_product(
                actor=request.user,
                product=found,
                version=form.cleaned_data["version"] or 0,
                details=form.details(),
            )
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
        except actions.StaleProduct as stale:
            context |= differences(form, values_of(stale.theirs), stale.message)
            return render(request, "catalogue/product_edit.html", context, status=409)
        else:
            messages.success(request, _("Saved."))
            return redirect(reverse("catalogue:product", args=[found.sku]))
    return render(request, "catalogue/product_edit.html", context)

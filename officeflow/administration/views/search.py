"""The search page, and what a scanned code is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officeflow.catalogue.scans import LONGEST, product_scanned
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, permission_denied, requires
from officeflow.ui import search
from officeflow.ui.search_page import search_response


@require_safe
@requires()
def search_page(request: StaffRequest) -> HttpResponse:
    """Lists the records matching `q` that this person may see, by kind, closest first."""
    if not search.providers(request.user):
        return permission_denied(request, search.permissions())
    return search_response(request)


@require_safe
@requires()
def scan(request: StaffRequest) -> HttpResponse:
    """Returns what a scanned `code` is: a product, a record of another kind, or unknown.

    `code` can be repeated: the same scan read by another keyboard layout, the likeliest first.
    """
    if not search.providers(request.user):
        return permission_denied(request, search.permissions())
    codes = [code[:LONGEST] for code in request.GET.getlist("code")[:2] if code.strip()]
    response = JsonResponse(_scanned(request, codes))
    response["Cache-Control"] = "private, no-store"
    return response


def _record_url(request: StaffRequest, code: str) -> str:
    """Returns the URL of the record with this number, or of what is about it; empty for neither.

    A department scans the label of an order and needs its ticket or its invoice.
    """
    found = search.find(request.user, code)
    if found.exact_url or not found.query.numbers:
        return found.exact_url
    about = [hit.url for group in found.groups for hit in group.hits if not hit.distance]
    if len(about) > 1:
        return f"{reverse('search')}?{urlencode({'q': code})}"
    return about[0] if about else ""


def _scanned(request: StaffRequest, codes: list[str]) -> dict[str, Any]:
    product = product_scanned(codes)
    if product is not None:
        may_open = request.user.may(Permission.VIEW_CATALOGUE)
        sold = product.is_active
        return {
            "kind": "product",
            "sku": product.sku,
            "name": product.name,
            "url": reverse("catalogue:product", args=[product.sku]) if may_open else "",
            "text": "" if sold else _("%(product)s is no longer sold.") % {"product": product},
        }
    for code in codes:
        # Digits alone are a barcode that nobody has entered, not the number of a record.
        url = _record_url(request, code) if code.strip()[:1].isalpha() else ""
        if url:
            return {"kind": "record", "code": code, "url": url}
    code = codes[0] if codes else ""
    return {"kind": "unknown", "text": _("The code %(code)s is not known.") % {"code": code}}

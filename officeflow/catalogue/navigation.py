"""The catalogue's record kinds, search provider, links and navigation item."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.catalogue.models import Product
from officeflow.catalogue.search import find_product_hits
from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.ui.administration import AdminLink, register_admin_link
from officeflow.ui.navigation import NavItem, register_nav_item
from officeflow.ui.search import register_search_provider

KINDS = (
    RecordKind(
        code="product",
        label=_("Products"),
        url_name="catalogue:product",
        url_argument="sku",
        permission=Permission.VIEW_CATALOGUE,
        visible=lambda user: Product.objects.all(),
    ),
    RecordKind(code="category", label=_("Product categories")),
    RecordKind(
        code="tax_rate",
        label=_("Tax rates"),
        url_name="catalogue:tax",
        url_argument="",
        permission=Permission.MANAGE_CATALOGUE,
    ),
    RecordKind(code="price_list", label=_("Price lists")),
)


def register_all() -> None:
    """Registers them."""
    for kind in KINDS:
        register_record_kind(kind)
    register_search_provider("product", find_product_hits, icon="tag", order=70)
    register_admin_link(
        AdminLink(
            section="goods",
            label=_("Products"),
            text=_("The products that you sell, and their prices."),
            url_name="catalogue:products",
            icon="tag",
            permission=Permission.MANAGE_CATALOGUE,
            order=10,
        )
    )
    register_admin_link(
        AdminLink(
            section="goods",
            label=_("Tax rates"),
            text=_("Tax rates of products, and whether prices include tax."),
            url_name="catalogue:tax",
            icon="ledger",
            permission=Permission.MANAGE_CATALOGUE,
            order=30,
        )
    )
    register_admin_link(
        AdminLink(
            section="goods",
            label=_("Categories"),
            text=_("Groups of products."),
            url_name="catalogue:categories",
            icon="backlog",
            permission=Permission.MANAGE_CATALOGUE,
            order=20,
        )
    )
    register_nav_item(
        NavItem(
            area="administration",
            label=_("Products"),
            url_name="catalogue:products",
            icon="tag",
            permission=Permission.VIEW_CATALOGUE,
            prefixes=("/administration/new-product/",),
            order=20,
        )
    )

"""Writes of products and their prices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officeflow.audit.actions import record, record_all
from officeflow.catalogue.actions.categories import get_or_add_category
from officeflow.catalogue.actions.duplicates import refuse_duplicates
from officeflow.catalogue.models import Category, Kind, PriceList, Product, TaxRate, Unit
from officeflow.errors import Refused, StaleRecord
from officeflow.limits import AMOUNT, NAME
from officeflow.staff.models import User
from officeflow.text import name_key

# The signs that suppliers use in codes. A slash is followed by a letter or digit, as an address
# with `/./` in it would be another one.
SKU = re.compile(r"(?=.{1,40}\Z)[A-Z0-9](?:[A-Z0-9._#+&()*:,-]|[ /](?=[A-Z0-9(]))*")
CODE_RULE = gettext_lazy(
    "Use up to 40 letters, digits, spaces and the signs . - _ / # + & ( ) * : , with a letter or "
    "digit first, such as MUG-BLUE."
)


@dataclass(frozen=True, kw_only=True)
class ProductDetails:
    """The fields of a product besides its code.

    `price` is for one unit in the price list's currency, with tax if `price_list.includes_tax`.
    """

    name: str
    price: Decimal
    tax_rate: TaxRate
    price_list: PriceList
    kind: Kind = Kind.GOODS
    unit: Unit = Unit.PIECE
    category: Category | None = None
    barcode: str = ""
    is_active: bool = True


def clean_sku(typed: str) -> str:
    """Returns a code in capitals, with single spaces and none beside a slash."""
    return re.sub(r"\s*/\s*", "/", " ".join(typed.split()).upper())


def details_of(product: Product) -> ProductDetails:
    """Returns the current details of a product."""
    return ProductDetails(
        name=product.name,
        price=product.price,
        tax_rate=product.tax_rate,
        price_list=product.price_list,
        kind=Kind(product.kind),
        unit=Unit(product.unit),
        category=product.category,
        barcode=product.barcode or "",
        is_active=product.is_active,
    )


@transaction.atomic
def add_product(
    *, actor: User | None, sku: str, details: ProductDetails, new_category: str = ""
) -> Product:
    """Adds a product under a code that never changes.

    `new_category` is the name of its category, which is added when it does not exist. Raises
    `Refused` for a code or barcode that is taken, and for invalid values.
    """
    details = _with_category(actor, details, new_category)
    (product,) = add_products(actor=actor, products={sku: details})
    return product


@transaction.atomic
def add_products(*, actor: User | None, products: Mapping[str, ProductDetails]) -> list[Product]:
    """Adds many products by their codes, all or none.

    Raises `Refused` for the first code or barcode that is taken, and for invalid values.
    """
    wanted: dict[str, ProductDetails] = {}
    for sku, details in products.items():
        code = clean_sku(sku)
        if not SKU.fullmatch(code):
            raise Refused(str(CODE_RULE), "sku")
        wanted[code] = checked(details)
    with refuse_duplicates():
        made = Product.objects.bulk_create(
            Product(sku=code, **_columns(details)) for code, details in wanted.items()
        )
    record_all(
        actor=actor,
        action="add_product",
        subject_kind="product",
        changes={
            code: {field: (None, value) for field, value in asdict_shallow(details).items()}
            for code, details in wanted.items()
        },
    )
    return made


@transaction.atomic
def change_product(
    *,
    actor: User,
    product: Product,
    version: int,
    details: ProductDetails,
    new_category: str = "",
) -> Product:
    """Changes a product. Existing orders keep their prices.

    `new_category` is the name of its category, which is added when it does not exist. Raises
    `StaleRecord` when `version` is not the current one, and `Refused` for invalid values.
    """
    current = Product.objects.with_price().select_for_update(of=("self",)).get(pk=product.pk)
    if current.version != version:
        raise StaleRecord(current)
    details = _with_category(actor, details, new_category)
    before, after = asdict_shallow(details_of(current)), asdict_shallow(checked(details))
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if not changes:
        return current
    for column, value in _columns(ProductDetails(**after)).items():
        setattr(current, column, value)
    current.version += 1
    with refuse_duplicates():
        current.save()
    record(
        actor=actor,
        action="change_product",
        subject_kind="product",
        subject=current.sku,
        changes=changes,
    )
    return current


def _with_category(
    actor: User | None, details: ProductDetails, new_category: str
) -> ProductDetails:
    if not new_category.strip():
        return details
    return replace(details, category=get_or_add_category(actor=actor, name=new_category))


def asdict_shallow(details: ProductDetails) -> dict[str, Any]:
    """Returns the details by field, with related records as objects."""
    return {field.name: getattr(details, field.name) for field in fields(details)}


def _columns(details: ProductDetails) -> dict[str, Any]:
    return asdict_shallow(details) | {
        "name_key": name_key(details.name)[:NAME],  # some signs are written out as whole words
        "barcode": details.barcode or None,
    }


def checked(details: ProductDetails) -> ProductDetails:
    """Returns the details, normalised. Raises `Refused` for invalid values."""
    name, barcode = " ".join(details.name.split()), details.barcode.strip()
    if not name:
        raise Refused(_("Enter a name for the product."), "name")
    if len(name) > 200:
        raise Refused(_("The name is too long. Use at most 200 characters."), "name")
    price = details.price
    if not price.is_finite() or price < 0:
        raise Refused(_("Enter a price of 0 or more."), "price")
    if price > AMOUNT or price != price.quantize(Decimal("0.0001")):
        raise Refused(_("Use at most 14 digits and 4 decimals for the price."), "price")
    if len(barcode) > 32 or any(char.isspace() for char in barcode):
        raise Refused(_("Use up to 32 characters without spaces for the barcode."), "barcode")
    return replace(details, name=name, barcode=barcode, price=price.quantize(Decimal("0.0001")))

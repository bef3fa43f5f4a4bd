"""Writes about the catalogue: products, their prices, and the tax rates they carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.catalogue.models import Kind, PriceList, Product, TaxRate, Unit
from officeflow.company.queries import get_office
from officeflow.errors import Conflict, Refused
from officeflow.money import MAX_AMOUNT
from officeflow.staff.models import User
from officeflow.text import name_key

MAIN_PRICE_LIST = "MAIN"
SKU = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}")
# The database's unique keys: the field each is about, and what to say.
TAKEN = {
    "catalogue_product_sku_key": ("sku", gettext_noop("Another product has this code.")),
    "catalogue_product_barcode_key": (
        "barcode",
        gettext_noop("Another product has this barcode."),
    ),
    "catalogue_taxrate_code_key": ("code", gettext_noop("Another rate has this code.")),
}


class StaleProduct(Conflict):
    """Somebody changed the product since the form was opened; `theirs` is how it stands now."""

    def __init__(self, theirs: Product) -> None:
        self.theirs = theirs
        super().__init__(_("Somebody changed this product meanwhile. Compare, then save again."))


@dataclass(frozen=True, kw_only=True)
class ProductDetails:
    """What a product says about itself, besides its code.

    `price` is for one unit in the price list's currency, with or without tax as that list says.
    """

    name: str
    price: Decimal
    tax_rate: TaxRate
    price_list: PriceList
    kind: Kind = Kind.GOODS
    unit: Unit = Unit.PIECE
    barcode: str = ""
    is_active: bool = True


def details_of(product: Product) -> ProductDetails:
    """The product as it stands."""
    return ProductDetails(
        name=product.name,
        price=product.price,
        tax_rate=product.tax_rate,
        price_list=product.price_list,
        kind=Kind(product.kind),
        unit=Unit(product.unit),
        barcode=product.barcode or "",
        is_active=product.is_active,
    )


def main_price_list() -> PriceList:
    """The office's own list in its own currency, made when it is first asked for."""
    prices, _made = PriceList.objects.get_or_create(
        code=MAIN_PRICE_LIST,
        defaults={"name": _("Shop prices"), "currency": get_office().currency},
    )
    return prices


@transaction.atomic
def add_product(*, actor: User | None, sku: str, details: ProductDetails) -> Product:
    """Puts goods or a service on the list under a code that never changes.

    Raises `Refused` for a code or barcode that is taken, and for values that cannot be used.
    """
    code = sku.strip().upper()
    if not SKU.fullmatch(code):
        raise Refused(
            _("A code has up to 40 letters, digits, dots and hyphens, such as MUG-BLUE."), "sku"
        )
    wanted = _checked(details)
    product = Product(sku=code, **_columns(wanted))
    with _taken_in_words():
        product.save(force_insert=True)
    record(
        actor=actor,
        action="add_product",
        subject_kind="product",
        subject=code,
        changes={field: (None, value) for field, value in asdict_shallow(wanted).items()},
    )
    return product


@transaction.atomic
def change_product(
    *, actor: User, product: Product, version: int, details: ProductDetails
) -> Product:
    """Changes the product in the version that the form showed. Orders keep what they were sold at.

    Raises `StaleProduct` when somebody was faster and `Refused` for values that cannot be used.
    """
    current = Product.objects.with_price().select_for_update(of=("self",)).get(pk=product.pk)
    if current.version != version:
        raise StaleProduct(current)
    before, after = asdict_shallow(details_of(current)), asdict_shallow(_checked(details))
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if not changes:
        return current
    for column, value in _columns(ProductDetails(**after)).items():
        setattr(current, column, value)
    current.version += 1
    with _taken_in_words():
        current.save()
    record(
        actor=actor,
        action="change_product",
        subject_kind="product",
        subject=current.sku,
        changes=changes,
    )
    return current


@transaction.atomic
def add_tax_rate(*, actor: User | None, code: str, name: str, rate: Decimal) -> TaxRate:
    """A rate that products may carry; `rate` is a fraction, 0.2 for 20 %.

    A rate never changes, because documents name it: when the law does, add one and move the
    products over. Raises `Refused`.
    """
    written, called = code.strip().upper(), " ".join(name.split())
    if not re.fullmatch(r"[A-Z0-9._-]{1,20}", written):
        raise Refused(_("A code has up to 20 letters, digits, dots and hyphens."), "code")
    if not called or len(called) > 60:
        raise Refused(_("Give the rate a name of up to 60 characters."), "name")
    if not 0 <= rate < 1 or rate != rate.quantize(Decimal("0.0001")):
        raise Refused(_("A rate lies between 0 and 100 %, with two decimals."), "rate")
    tax_rate = TaxRate(code=written, name=called, rate=rate)
    with _taken_in_words():
        tax_rate.save(force_insert=True)
    record(
        actor=actor,
        action="add_tax_rate",
        subject_kind="tax_rate",
        subject=written,
        changes={"name": (None, called), "rate": (None, rate)},
    )
    return tax_rate


@transaction.atomic
def retire_tax_rate(*, actor: User, tax_rate: TaxRate) -> None:
    """Offers the rate to no new product. Raises `Refused` while products are sold with it."""
    if Product.objects.active().filter(tax_rate=tax_rate).exists():
        raise Refused(_("Products are still sold with this rate; move them to another first."))
    if TaxRate.objects.filter(pk=tax_rate.pk, is_active=True).update(is_active=False):
        record(
            actor=actor,
            action="retire_tax_rate",
            subject_kind="tax_rate",
            subject=tax_rate.code,
            changes={"is_active": (True, False)},
        )


def follow_currency(old: str, new: str) -> None:
    """Prices in the office's currency go along when it changes: nothing was sold at them yet."""
    PriceList.objects.filter(currency=old).update(currency=new)


def asdict_shallow(details: ProductDetails) -> dict[str, Any]:
    """The details by field, tax rate and price list as they are."""
    return {field.name: getattr(details, field.name) for field in fields(details)}


def _columns(details: ProductDetails) -> dict[str, Any]:
    return asdict_shallow(details) | {
        "name_key": name_key(details.name),
        "barcode": details.barcode or None,
    }


def _checked(details: ProductDetails) -> ProductDetails:
    name, barcode = " ".join(details.name.split()), details.barcode.strip()
    if not name:
        raise Refused(_("Give the product a name."), "name")
    if len(name) > 200:
        raise Refused(_("The name is too long; 200 characters are the most."), "name")
    price = details.price
    if not price.is_finite() or price < 0:
        raise Refused(_("A price is zero or more."), "price")
    if price > MAX_AMOUNT or price != price.quantize(Decimal("0.0001")):
        raise Refused(_("A price has up to four decimals and fourteen digits before."), "price")
    if len(barcode) > 32 or any(char.isspace() for char in barcode):
        raise Refused(_("A barcode has up to 32 characters and no spaces."), "barcode")
    return replace(details, name=name, barcode=barcode, price=price.quantize(Decimal("0.0001")))


@contextmanager
def _taken_in_words() -> Iterator[None]:
    """Turns the database's unique keys into words beside the field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if constraint not in TAKEN:
            raise
        field, words = TAKEN[constraint]
        raise Refused(gettext(words), field) from error

"""Writes of tax rates and price lists."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.catalogue.actions.duplicates import refuse_duplicates
from officeflow.catalogue.models import MAIN_PRICE_LIST, PriceList, Product, TaxRate
from officeflow.company.queries import get_office
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User
from officeflow.text import name_key


def main_price_list() -> PriceList:
    """Returns the office's main price list, in its currency; creates it when it is missing."""
    price_list, _created = PriceList.objects.get_or_create(
        code=MAIN_PRICE_LIST,
        defaults={"name": _("Shop prices"), "currency": get_office().currency},
    )
    return price_list


@transaction.atomic
def add_tax_rate(*, actor: User | None, name: str, rate: Decimal, code: str = "") -> TaxRate:
    """Adds a tax rate; `rate` is a fraction, 0.2 for 20 %.

    Without a code one is made from the name. The first rate is the standard rate. A rate never
    changes, because documents name it: `replace_tax_rate` replaces it. Raises `Refused`.
    """
    name = " ".join(name.split())
    code = code.strip().upper() or _code_from(name)
    if not re.fullmatch(r"[A-Z0-9._-]{1,20}", code):
        raise Refused(_("Use up to 20 letters, digits, dots and hyphens."), "code")
    if not name or len(name) > 60:
        raise Refused(_("Enter a name of up to 60 characters."), "name")
    if not 0 <= rate < 1 or rate != rate.quantize(Decimal("0.00001")):
        raise Refused(_("Enter a rate from 0 to 100%, with at most three decimals."), "rate")
    is_first = not TaxRate.objects.filter(is_standard=True).exists()
    tax_rate = TaxRate(code=code, name=name, rate=rate, is_standard=is_first)
    with refuse_duplicates():
        tax_rate.save(force_insert=True)
    record(
        actor=actor,
        action="add_tax_rate",
        subject_kind="tax_rate",
        subject=code,
        changes={"name": (None, name), "rate": (None, rate)},
    )
    return tax_rate


@transaction.atomic
def retire_tax_rate(*, actor: User, tax_rate: TaxRate) -> None:
    """Deactivates a rate, so that no new product can have it.

    Raises `Refused` for the standard rate and while active products have it.
    """
    if tax_rate.is_standard:
        raise Refused(_("This is the standard rate. Make another rate the standard first."))
    if Product.objects.active().filter(tax_rate=tax_rate).exists():
        raise Refused(_("Products still use this rate. Replace it instead."))
    if TaxRate.objects.filter(pk=tax_rate.pk, is_active=True).update(is_active=False):
        record(
            actor=actor,
            action="retire_tax_rate",
            subject_kind="tax_rate",
            subject=tax_rate.code,
            changes={"is_active": (True, False)},
        )


@transaction.atomic
def make_standard(*, actor: User, tax_rate: TaxRate) -> None:
    """Makes this the default rate of new products. Raises `Refused` for an inactive rate."""
    locked = {rate.pk: rate for rate in TaxRate.objects.select_for_update().order_by("pk")}
    wanted = locked[tax_rate.pk]
    if not wanted.is_active:
        raise Refused(_("This rate is no longer available."))
    if wanted.is_standard:
        return
    before = next((rate.code for rate in locked.values() if rate.is_standard), None)
    TaxRate.objects.filter(is_standard=True).update(is_standard=False)
    TaxRate.objects.filter(pk=wanted.pk).update(is_standard=True)
    record(
        actor=actor,
        action="make_standard",
        subject_kind="tax_rate",
        subject=wanted.code,
        changes={"standard": (before, wanted.code)},
    )


@transaction.atomic
def replace_tax_rate(
    *, actor: User, tax_rate: TaxRate, name: str, rate: Decimal, code: str = ""
) -> TaxRate:
    """Adds a rate and gives it to every product of the old one, which is deactivated.

    For a change of the law. Orders and documents keep the old rate. Raises `Refused`, also for an
    inactive rate.
    """
    old = TaxRate.objects.select_for_update().get(pk=tax_rate.pk)
    if not old.is_active:
        raise Refused(_("This rate is no longer available. A colleague has already replaced it."))
    if old.rate == rate:
        raise Refused(_("The new rate is the same as the old one. Enter a different rate."), "rate")
    new = add_tax_rate(actor=actor, code=code, name=name, rate=rate)
    moved = Product.objects.filter(tax_rate=old).update(tax_rate=new, version=F("version") + 1)
    TaxRate.objects.filter(pk=old.pk).update(is_active=False, is_standard=False)
    if old.is_standard:
        TaxRate.objects.filter(pk=new.pk).update(is_standard=True)
    new.refresh_from_db()
    record(
        actor=actor,
        action="replace_tax_rate",
        subject_kind="tax_rate",
        subject=old.code,
        changes={"code": (old.code, new.code), "rate": (old.rate, rate), "products": (None, moved)},
    )
    return new


@transaction.atomic
def set_prices_include_tax(
    *, actor: User | None, price_list: PriceList, includes_tax: bool, before: bool | None = None
) -> None:
    """Sets whether the prices of a list include tax; the amounts stay the same.

    Raises `StaleRecord` when `before`, the value that the form showed, is not the current one.
    """
    current = PriceList.objects.select_for_update().get(pk=price_list.pk)
    if current.includes_tax == includes_tax:
        return
    if before is not None and before != current.includes_tax:
        raise StaleRecord(
            current, _("A colleague has changed whether prices include tax. Check it again.")
        )
    PriceList.objects.filter(pk=current.pk).update(includes_tax=includes_tax)
    record(
        actor=actor,
        action="set_prices_include_tax",
        subject_kind="price_list",
        subject=price_list.code,
        changes={"includes_tax": (not includes_tax, includes_tax)},
    )


def follow_currency(*, old: str, new: str, **signal: Any) -> None:
    """Changes the currency of price lists with the office's, before anything was sold."""
    PriceList.objects.filter(currency=old).update(currency=new)


def _code_from(name: str) -> str:
    """Returns a free code made of the first words of a name."""
    stem = re.sub(r"[^A-Z0-9]+", "-", name_key(name).upper()).strip("-")[:16].strip("-") or "TAX"
    taken = set(TaxRate.objects.filter(code__startswith=stem).values_list("code", flat=True))
    tries = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(each for each in tries if each not in taken)

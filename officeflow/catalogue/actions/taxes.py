"""Writes about tax rates and price lists."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.catalogue.actions.taken import taken_in_words
from officeflow.catalogue.models import PriceList, Product, TaxRate
from officeflow.company.queries import get_office
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User
from officeflow.text import name_key

MAIN_PRICE_LIST = "MAIN"


def main_price_list() -> PriceList:
    """The office's own list in its own currency, made when it is first asked for."""
    prices, _made = PriceList.objects.get_or_create(
        code=MAIN_PRICE_LIST,
        defaults={"name": _("Shop prices"), "currency": get_office().currency},
    )
    return prices


@transaction.atomic
def add_tax_rate(*, actor: User | None, name: str, rate: Decimal, code: str = "") -> TaxRate:
    """A rate that products may carry; `rate` is a fraction, 0.2 for 20 %.

    Without a code one is made from the name. The first rate is the standard one. A rate never
    changes, because documents name it: when the law does, `replace_tax_rate`. Raises `Refused`.
    """
    called = " ".join(name.split())
    written = code.strip().upper() or _code_from(called)
    if not re.fullmatch(r"[A-Z0-9._-]{1,20}", written):
        raise Refused(_("Use up to 20 letters, digits, dots and hyphens."), "code")
    if not called or len(called) > 60:
        raise Refused(_("Enter a name of up to 60 characters."), "name")
    if not 0 <= rate < 1 or rate != rate.quantize(Decimal("0.0001")):
        raise Refused(_("Enter a rate from 0 to 100 %, with at most two decimals."), "rate")
    is_first = not TaxRate.objects.filter(is_standard=True).exists()
    tax_rate = TaxRate(code=written, name=called, rate=rate, is_standard=is_first)
    with taken_in_words():
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
    """Offers the rate to no new product.

    Raises `Refused` for the standard rate and while products are sold with it.
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
    """Makes this the rate that new products carry. Raises `Refused` for one that is retired."""
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
    """The law changed: a new rate takes the place of an old one on every product, from now on.

    Orders and documents keep the rate they were made with. Raises `Refused`, also for a rate that
    was replaced or retired already.
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
    """Says whether the prices of a list include tax. The numbers stay; what they mean changes.

    Raises `StaleRecord` when `before`, what the form showed, is not how it stands.
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
    """Prices in the office's currency go along when it changes: nothing was sold at them yet."""
    PriceList.objects.filter(currency=old).update(currency=new)


def _code_from(name: str) -> str:
    """A code that no rate has yet, from the first words of a name."""
    stem = re.sub(r"[^A-Z0-9]+", "-", name_key(name).upper()).strip("-")[:16].strip("-") or "TAX"
    taken = set(TaxRate.objects.filter(code__startswith=stem).values_list("code", flat=True))
    tries = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(each for each in tries if each not in taken)

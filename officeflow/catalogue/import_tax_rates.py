"""What the rows of a file of products refer to, and the tax rate that each of them means."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from officeflow.catalogue.actions import ProductDetails
from officeflow.catalogue.models import Category, PriceList, TaxRate
from officeflow.catalogue.queries import standard_tax_rate
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.registry import FileRow
from officeflow.text import name_key
from officeflow.ui.export import trimmed


@dataclass
class World:
    """What rows refer to: read once for a file, and once a run."""

    rates: dict[str, TaxRate]
    standard: TaxRate | None
    lists: dict[str, PriceList]
    main: PriceList | None
    categories: dict[str, Category]
    # Whose barcode it is, by code; in a preview the codes of earlier rows, too.
    barcodes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> World:
        """As things stand."""
        lists = {each.code.upper(): each for each in PriceList.objects.all()}
        return cls(
            rates={each.code.upper(): each for each in TaxRate.objects.all()},
            standard=standard_tax_rate(),
            lists=lists,
            main=None,
            categories={name_key(each.name): each for each in Category.objects.all()},
        )


def tax_rate_of(row: FileRow, before: ProductDetails | None, world: World) -> TaxRate:
    """The rate that a row names, by code, name or percentage; else the product's own or the
    standard one. Raises `Refused`.
    """
    code = cells.text(row["Tax rate"]).upper()
    percent = cells.number(row["Tax in percent"], "Tax in percent")
    if code:
        found = world.rates.get(code) or _rate_called(cells.text(row["Tax rate"]), before, world)
        if found is None:
            raise Refused(
                _("Tax rate %(code)s does not exist. Use one of %(codes)s.")
                % {"code": code[:40], "codes": ", ".join(_in_use(world)) or "—"}
            )
        if percent is not None and found.rate * 100 != percent:
            raise Refused(
                _("Tax rate %(code)s is %(rate)s %%, not %(said)s %%.")
                % {"code": code, "rate": trimmed(found.rate * 100), "said": trimmed(percent)}
            )
    elif percent is not None:
        found = _rate_of(percent, before, world)
        if found is None:
            raise Refused(
                _("There is no tax rate of %(rate)s %%. Add it first.") % {"rate": trimmed(percent)}
            )
    else:
        found = before.tax_rate if before else world.standard
    if found is None:
        raise Refused(_("The office has no tax rate yet. Add one first."))
    if not found.is_active and (before is None or before.tax_rate != found):
        raise Refused(_("Tax rate %(code)s is retired.") % {"code": found.code})
    return found


def _rate_called(written: str, before: ProductDetails | None, world: World) -> TaxRate | None:
    """The rate that people mean by its name or its percentage, such as `20 %`; None if nothing."""
    key = name_key(written)
    for each in world.rates.values():
        if each.is_active and name_key(each.name) == key:
            return each
    try:
        percent = cells.number(written, "Tax rate")
    except Refused:
        return None
    return _rate_of(percent, before, world) if percent is not None else None


def _rate_of(percent: Decimal, before: ProductDetails | None, world: World) -> TaxRate | None:
    """The rate of so many percent: the product's own, the standard one, or the first.

    A spreadsheet keeps a cell that shows 20 % as 0.2, which is so read where no rate is 0.2 %.
    """
    own = [before.tax_rate] if before else []
    standard = [world.standard] if world.standard else []
    known = [*own, *standard, *(rate for rate in world.rates.values() if rate.is_active)]
    for wanted in (percent / 100, percent):
        for each in known:
            if each.rate == wanted:
                return each
    return None


def _in_use(world: World) -> list[str]:
    return [code for code, rate in sorted(world.rates.items()) if rate.is_active]

"""The records that rows of a product file refer to, and finding a row's tax rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from officeflow.catalogue.actions import ProductDetails
from officeflow.catalogue.models import Category, PriceList, TaxRate
from officeflow.catalogue.queries import standard_tax_rate
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.registry import FileRow, ImportJob
from officeflow.money import with_percent_sign
from officeflow.text import name_key
from officeflow.ui.export import trimmed

RATE_COLUMNS = ("Tax rate", "Tax in percent")
FRACTIONS = "rates_are_fractions"  # in the facts of a file


@dataclass
class ProductLookups:
    """The records that rows refer to, read once for a preview and once for a session.

    `main` is the main price list, None in a preview. `barcodes` maps barcodes to product codes.
    With `has_fractions` the file writes its tax rates as fractions.
    """

    rates: dict[str, TaxRate]
    standard: TaxRate | None
    lists: dict[str, PriceList]
    main: PriceList | None
    categories: dict[str, Category]
    barcodes: dict[str, str] = field(default_factory=dict)
    has_fractions: bool = False

    @classmethod
    def read(cls, job: ImportJob) -> ProductLookups:
        """Returns the current records."""
        lists = {each.code.upper(): each for each in PriceList.objects.all()}
        return cls(
            rates={each.code.upper(): each for each in TaxRate.objects.all()},
            standard=standard_tax_rate(),
            lists=lists,
            main=None,
            categories={name_key(each.name): each for each in Category.objects.all()},
            has_fractions=bool(job.facts.get(FRACTIONS)),
        )


def tax_rate_of(row: FileRow, before: ProductDetails | None, lookups: ProductLookups) -> TaxRate:
    """Returns the rate that a row names by code, name or percentage.

    A row without one gets the product's current rate or the standard rate. Raises `Refused`.
    """
    code = cells.text(row["Tax rate"]).upper()
    percent = cells.number(row["Tax in percent"], "Tax in percent")
    if percent is not None and lookups.has_fractions:
        percent *= 100
    if code:
        found = lookups.rates.get(code) or _rate_called(
            cells.text(row["Tax rate"]), before, lookups
        )
        if found is None and (numbers := cells.possible_numbers(row["Tax rate"])):
            raise Refused(_no_rate(_as_percent(row["Tax rate"], numbers[0], lookups)))
        if found is None:
            raise Refused(
                _("Tax rate %(code)s does not exist. Use one of %(codes)s.")
                % {"code": code[:40], "codes": ", ".join(_in_use(lookups)) or "—"}
            )
        if percent is not None and found.rate * 100 != percent:
            raise Refused(
                _("Tax rate %(code)s is %(rate)s, not %(value)s.")
                % {"code": code, "rate": _written(found.rate * 100), "value": _written(percent)}
            )
    elif percent is not None:
        found = _rate_of(percent, before, lookups)
        if found is None:
            raise Refused(_no_rate(percent))
    else:
        found = before.tax_rate if before else lookups.standard
    if found is None:
        raise Refused(_("The office has no tax rate yet. Add one first."))
    if not found.is_active and (before is None or before.tax_rate != found):
        raise Refused(
            _("Tax rate %(code)s is retired. Use one of %(codes)s.")
            % {"code": found.code, "codes": ", ".join(_in_use(lookups)) or "—"}
        )
    return found


def are_fractions(rates: Iterable[str]) -> bool:
    """Returns whether rates are written as fractions: numbers below 1 without a percent sign."""
    is_any = False
    for cell in rates:
        if cell and (numbers := cells.possible_numbers(cell)):
            if "%" in cell or max(numbers) >= 1:
                return False
            is_any = is_any or min(numbers) > 0
    return is_any


def _as_percent(written: str, number: Decimal, lookups: ProductLookups) -> Decimal:
    return number * 100 if lookups.has_fractions and "%" not in written else number


def _no_rate(percent: Decimal) -> str:
    return _("There is no tax rate of %(rate)s. Add it first.") % {"rate": _written(percent)}


def _written(percent: Decimal) -> str:
    return with_percent_sign(f"{trimmed(percent)}")


def _rate_called(
    written: str, before: ProductDetails | None, lookups: ProductLookups
) -> TaxRate | None:
    """Returns the active rate with this name or percentage (`20 %`), or None."""
    key = name_key(written)
    for each in lookups.rates.values():
        if each.is_active and name_key(each.name) == key:
            return each
    # Of two readings, as of 8,875 %, one is the percentage of a rate.
    found = (
        _rate_of(_as_percent(written, number, lookups), before, lookups)
        for number in cells.possible_numbers(written)
    )
    return next(filter(None, found), None)


def _rate_of(
    percent: Decimal, before: ProductDetails | None, lookups: ProductLookups
) -> TaxRate | None:
    """Returns a rate of this percentage, or None: the product's own, the standard one or the first.

    A fraction is accepted too, because spreadsheets store 20 % as 0.2.
    """
    own = [before.tax_rate] if before else []
    standard = [lookups.standard] if lookups.standard else []
    known = [*own, *standard, *(rate for rate in lookups.rates.values() if rate.is_active)]
    for wanted in (percent / 100, percent):
        for each in known:
            if each.rate == wanted:
                return each
    return None


def _in_use(lookups: ProductLookups) -> list[str]:
    return [code for code, rate in sorted(lookups.rates.items()) if rate.is_active]

"""Importing products: one row for each product, found by its code.

A new code adds a product, a known code changes it, and an empty cell keeps the current value. The
export of products can be imported unchanged, and then changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from officeflow.catalogue.actions import (
    ProductDetails,
    add_category,
    add_products,
    asdict_shallow,
    change_product,
    details_of,
    main_price_list,
)
from officeflow.catalogue.actions.products import CODE_RULE, SKU, checked, clean_sku
from officeflow.catalogue.import_tax_rates import (
    FRACTIONS,
    RATE_COLUMNS,
    ProductLookups,
    are_fractions,
    tax_rate_of,
)
from officeflow.catalogue.models import Category, Kind, PriceList, Product, TaxRate
from officeflow.catalogue.queries import own_prices_have_tax
from officeflow.catalogue.scans import has_wrong_check_digit
from officeflow.catalogue.units import UNITS, known_units
from officeflow.company.queries import get_office
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.prices import checked_prices, prices_have_tax, sentence
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    ImportColumn,
    Importer,
    ImportJob,
    RowResult,
    UnitResult,
    register,
)
from officeflow.imports.states import RowOutcome
from officeflow.money import format_unit_price, price_for_list
from officeflow.permissions import Permission
from officeflow.text import name_key

t = gettext_lazy
T = TypeVar("T")
KINDS = {
    **{each.value: each.value for each in Kind},
    **{str(each.label): each.value for each in Kind},
    "good": "goods",
    "product": "goods",
    "article": "goods",
    "services": "service",
}
CATEGORY_LENGTH = 60
PRICE_STEP = Decimal("0.0001")
# What shops write into a column of types beside categories of goods.
CODED_TYPES = {"simple", "variable", "variation", "grouped", "external", "standard", *KINDS}
# The name of the only variant of a product.
ONLY_VARIANT = ("Default Title", "Regular", "Default")
FIELD_LABELS = {
    "name": t("name"),
    "price": t("price"),
    "tax_rate": t("tax rate"),
    "price_list": t("price list"),
    "kind": t("kind"),
    "unit": t("unit"),
    "category": t("category"),
    "barcode": t("barcode"),
    "is_active": t("is sold"),
}


@dataclass(frozen=True, kw_only=True)
class ProductPlan:
    """What a row does: the product's details, the name of a category to add, changed fields."""

    sku: str
    details: ProductDetails
    new_category: str
    changed: tuple[str, ...]


def _is_yes_or_no(found: Sequence[str]) -> bool:
    """Returns whether all cells of a column are yes or no."""
    try:
        return bool(found) and all(cells.yes_or_no(each, "") is not None for each in found)
    except Refused:
        return False


class ProductFile(Importer):
    """Products with their prices."""

    kind = "products"
    label = t("Products")
    icon = "tag"
    explanation = t(
        "One row for each product. A new code adds a product, a known code changes it, and an "
        "empty cell keeps the current value. You can export the product list, edit it and "
        "import it again."
    )
    permission = Permission.IMPORT_PRODUCTS
    made_labels = {
        "products": t("Products added"),
        "changes": t("Products changed"),
        "categories": t("Categories added"),
    }
    columns = (
        ImportColumn(
            name="Code",
            meaning=t("The product’s code. It cannot change later."),
            required=True,
            aliases=(
                *("SKU", "Variant SKU", "Product code", "Item number", "Article number"),
                *(
                    "Stock code",
                    "Item code",
                    "Product ID",
                    "Artikelnummer",
                    "Artikel-Nr",
                    "Art.-Nr.",
                ),
                *("ArtNr", "Produktnummer", "Produkt-Nr", "Produktcode", "Bestellnr"),
                *("Bestellnummer", "Référence", "Réf.", "Référence article", "Réf. article"),
                *("Code article", "Code produit", "Référence produit", "Código"),
                *(
                    "Código de producto",
                    "Código de artículo",
                    "Referencia",
                    "Ref.",
                    "Codice",
                    "Codice articolo",
                    "Artikelcode",
                ),
                *("Kod produktu", "Kod towaru", "Kód", "Kód zboží", "Артикул", "商品コード"),
                *("品番", "Handle", "ID", "Token"),
            ),
            example="MUG-BLUE",
        ),
        ImportColumn(
            name="Name",
            meaning=t("The product’s name. Required for a new product."),
            aliases=(
                *("Product name", "Item Name", "Title", "Composite name", "Product", "Item"),
                *("Description", "Bezeichnung", "Artikel", "Artikelname", "Produktname"),
                *("Artikelbezeichnung", "Produktbezeichnung", "Désignation", "Libellé"),
                *(
                    "Nom du produit",
                    "Nom",
                    "Produit",
                    "Nombre",
                    "Nombre del producto",
                    "Artículo",
                    "Producto",
                    "Descripción",
                    "Nome",
                ),
                *("Prodotto", "Descrizione", "Naam", "Omschrijving", "Nazwa", "Nazwa produktu"),
                *("Název", "Наименование", "Название", "商品名", "品名"),
            ),
            joined_by=" ",
            parts=("Title", "Item Name", "Option1 Value", "Option2 Value", "Variation Name"),
            example="Blue mug",
        ),
        ImportColumn(
            name="Parent",
            meaning=t(
                "Rows in sequence with the same parent are variants of one product. Their empty "
                "cells repeat the row above."
            ),
            aliases=("Handle", "Parent SKU", "Parent code"),
        ),
        ImportColumn(
            name="Category",
            meaning=t("A new category is added."),
            aliases=(
                *("Category name", "Categories", "Product type", "Type", "Product Category"),
                *("Group", "Product group", "Department", "Kategorie", "Warengruppe"),
                *("Artikelgruppe", "Produktgruppe", "Catégorie", "Famille", "Rayon", "Categoría"),
                *("Familia", "Categoria", "Categorie", "Kategoria"),
                *("Категория", "カテゴリ"),
            ),
            example="Kitchen",
            fits=lambda cells: not all(name_key(each) in CODED_TYPES for each in cells),
        ),
        ImportColumn(
            name="Kind",
            meaning=t("Goods or service."),
            aliases=("Type", "Item type"),
            example="goods",
            fits=lambda cells: all(name_key(each) in KINDS for each in cells),
        ),
        ImportColumn(
            name="Sold by",
            meaning=t("Piece, kg, m, l or h."),
            aliases=(
                *("Unit", "Unit of measure", "UOM", "Einheit", "Mengeneinheit", "ME", "Unité"),
                *("Unité de vente", "Unidad", "Unidad de medida", "Jednostka"),
            ),
            example="piece",
            fits=lambda cells: all(name_key(each) in UNITS for each in cells),
        ),
        ImportColumn(
            name="Price",
            meaning=t("The price of one. Required for a new product."),
            aliases=(
                *("Unit price", "Sales price", "Variant Price", "Regular price", "Retail price"),
                *("Sell price", "Selling price", "RRP", "Verkaufspreis", "VK-Preis", "VK", "UVP"),
                *("Ladenpreis", "Einzelpreis", "E-Preis", "Listenpreis", "Preis"),
                *("Prix de vente", "Prix public", "Prix unitaire", "PV", "Prix"),
                *(
                    "Precio de venta",
                    "Precio unitario",
                    "PVP",
                    "Precio",
                    "Prezzo",
                    "Prijs",
                    "Verkoopprijs",
                    "Cena",
                    "Цена",
                    "価格",
                    "単価",
                ),
            ),
            example="12.50",
            is_number=True,
            is_price=True,
        ),
        ImportColumn(
            name="Currency", meaning=t("Must be the currency of the price list."), example=""
        ),
        ImportColumn(
            name="Price includes tax",
            meaning=t("Yes or no. Empty as chosen for the file."),
            aliases=("Tax included", "Includes tax"),
        ),
        ImportColumn(
            name="Tax rate",
            meaning=t("Code, name or percentage. Empty for the standard rate (new products)."),
            aliases=(
                *("Tax", "VAT", "Tax %", "VAT %", "Tax code", "VAT code", "Tax category", "MwSt"),
                *("MwSt %", "MwSt-Satz", "Mehrwertsteuer", "USt", "USt %", "USt-Satz"),
                *("Umsatzsteuer", "Steuersatz", "Steuer", "Steuerschlüssel", "TVA", "TVA %"),
                *("Taux TVA", "Taux de TVA", "Taux", "IVA", "IVA %", "Tipo de IVA", "Tipo IVA"),
                *("% IVA", "Impuesto", "Aliquota IVA", "BTW", "BTW %"),
            ),
            example="20 %",
        ),
        ImportColumn(
            name="Tax in percent",
            meaning=t("Instead of the tax rate."),
            aliases=("VAT rate", "Tax percent"),
            example="20",
            is_number=True,
        ),
        ImportColumn(name="Price list", meaning=t("Its code. Empty for the standard price list.")),
        ImportColumn(
            name="Barcode",
            meaning=t("If the product has one."),
            aliases=(
                *("EAN", "GTIN", "UPC", "Variant Barcode", "GTIN, UPC, EAN, or ISBN", "ISBN"),
                *("EAN-Code", "EAN13", "EAN-13", "GTIN/EAN", "Strichcode", "Barcode-Nr"),
                *(
                    "Code-barres",
                    "Code barre",
                    "Gencod",
                    "Código EAN",
                    "Código de barras",
                    "Codice a barre",
                    "Штрихкод",
                ),
            ),
        ),
        ImportColumn(
            name="Is sold",
            meaning=t("Yes or no."),
            aliases=(
                *("Active", "Is active", "Published", "Sellable", "Status", "Aktiv", "Actif"),
                *("Activo", "Verkäuflich", "En vente", "A la venta"),
            ),
            example="yes",
            fits=_is_yes_or_no,
        ),
        ImportColumn(
            name="Discontinued",
            meaning=t("Yes for a product that is no longer sold."),
            aliases=("Archived", "Is archived"),
            fits=_is_yes_or_no,
        ),
    )

    imports_many = True
    repeats_within = "Parent"
    repeated = ("Name", "Category", "Kind", "Sold by", "Tax rate", "Is sold", "Discontinued")

    def checked_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the choice of prices. Raises `Refused` (field `prices`)."""
        return checked_prices(options)

    def own_prices_have_tax(self) -> bool:
        """Returns whether the prices of the main list include tax."""
        return own_prices_have_tax()

    def remarks(self, job: ImportJob) -> list[str]:
        """Returns how the prices are read."""
        if "Price" not in job.columns:
            return []
        own = own_prices_have_tax()
        return [sentence(job.options, own, get_office().currency)]

    def facts(self, rows: Iterable[FileRow], job: ImportJob) -> dict[str, Any]:
        """Returns whether the tax rates of the file are fractions, such as 0.19 for 19 %."""
        columns = job.columns & {*RATE_COLUMNS}
        cells_of_rates = (row[column] for row in rows for column in columns) if columns else ()
        return {FRACTIONS: are_fractions(cells_of_rates)}

    def reference_of(self, row: FileRow) -> str:
        """Returns the code, so that repeated codes are noticed."""
        return clean_sku(cells.text(row["Code"]))

    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Returns what each unit would do, after the units before it."""
        lookups: ProductLookups = job.memory.get("previewed") or ProductLookups.read(job)
        job.memory["previewed"] = lookups
        codes = [unit.reference for unit in units]
        known = {each.sku: each for each in Product.objects.with_price().filter(sku__in=codes)}
        barcodes = [
            cells.text(row["Barcode"]) for unit in units for row in unit.rows if row["Barcode"]
        ]
        taken = Product.objects.filter(barcode__in=barcodes).values_list("barcode", "sku")
        for barcode, sku in taken:
            lookups.barcodes.setdefault(str(barcode), sku)
        return [
            self._previewed(unit, known.get(unit.reference), lookups, job.options) for unit in units
        ]

    def _previewed(
        self,
        unit: FileUnit,
        product: Product | None,
        lookups: ProductLookups,
        options: Mapping[str, Any],
    ) -> UnitResult:
        try:
            plan = plan_of(unit.rows[0], product, lookups, options)
        except Refused as refused:
            return _result(unit, RowOutcome.REFUSED, refused.message)
        barcode = plan.details.barcode
        if barcode and lookups.barcodes.setdefault(barcode, plan.sku) != plan.sku:
            return _result(
                unit, RowOutcome.REFUSED, _("Another product has this barcode. Check the barcode.")
            )
        if plan.new_category:
            lookups.categories[name_key(plan.new_category)] = Category(name=plan.new_category)
        return _planned_result(unit, plan, product)

    def prepare(self, units: Sequence[FileUnit], job: ImportJob) -> None:
        """Looks up the products, and locks them in the order of their codes."""
        lookups = job.memory["lookups"] = ProductLookups.read(job)
        lookups.main = main_price_list()
        codes = [unit.reference for unit in units]
        known = Product.objects.with_price().filter(sku__in=codes)
        job.memory["products"] = {
            each.sku: each for each in known.order_by("sku").select_for_update(of=("self",))
        }

    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        """Adds or changes a product."""
        return self.import_units([unit], job)[0]

    def import_units(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Does what `import_unit` does for several products, and adds the new ones at once."""
        lookups: ProductLookups = job.memory["lookups"]
        new: dict[str, ProductDetails] = {}
        results = []
        for unit in units:
            product: Product | None = job.memory["products"].get(unit.reference)
            try:
                plan = plan_of(unit.rows[0], product, lookups, job.options)
            except Refused as refused:
                results.append(_result(unit, RowOutcome.REFUSED, refused.message))
                continue
            details = plan.details
            if plan.new_category:
                category = add_category(actor=job.actor, name=plan.new_category)
                lookups.categories[name_key(category.name)] = category
                details = replace(details, category=category)
            if product is None:
                new[plan.sku] = details
            elif plan.changed:
                change_product(
                    actor=job.actor, product=product, version=product.version, details=details
                )
            results.append(_planned_result(unit, plan, product))
        if new:
            add_products(actor=job.actor, products=new)
        return results

    def link(self, reference: str) -> str:
        """Returns the URL of the product's page."""
        return reverse("catalogue:product", args=[reference])


def plan_of(
    row: FileRow,
    product: Product | None,
    lookups: ProductLookups,
    options: Mapping[str, Any],
) -> ProductPlan:
    """Returns what a row does with `product`, or with a new one.

    Raises `Refused` with all faults of the row.
    """
    sku = clean_sku(cells.code(row["Code"], "Code"))
    if not sku:
        raise Refused(_("%(column)s is empty. Enter the product’s code.") % {"column": "Code"})
    if not SKU.fullmatch(sku):
        raise Refused(str(CODE_RULE))
    before = details_of(product) if product is not None else None
    faults: list[str] = []

    def read(value: Callable[[], T]) -> T | None:
        try:
            return value()
        except Refused as refused:
            faults.append(str(refused.message))
            return None

    units = known_units(get_language() or "")
    prices = read(lambda: _price_list(row, before, lookups))
    rate = read(lambda: tax_rate_of(row, before, lookups))
    category, new_category = read(lambda: _category(row, lookups)) or (None, "")
    given: dict[str, Any] = {
        "name": _name(row),
        "price": read(
            lambda: (
                _price(row, prices, rate, options)
                if prices and rate
                else cells.number(row["Price"], "Price")
            )
        ),
        "kind": read(lambda: cells.one_of(row["Kind"], "Kind", KINDS)),
        "unit": read(lambda: cells.one_of(row["Sold by"], "Sold by", units)),
        "barcode": read(lambda: cells.code(row["Barcode"], "Barcode")),
        "is_active": read(lambda: _is_sold(row)),
        "price_list": prices,
        "tax_rate": rate,
        "category": category,
    }
    values = {name: value for name, value in given.items() if value not in (None, "")}
    if before is not None:
        values = {**asdict_shallow(before), **values}
    if "name" not in values:
        faults.append(_("A new product needs a name."))
    if "price" not in values and not row["Price"]:
        faults.append(_("A new product needs a price."))
    if faults:
        raise Refused(" ".join(faults))
    details = checked(ProductDetails(**values))
    changed: tuple[str, ...] = ()
    if before is not None:
        after, old = asdict_shallow(details), asdict_shallow(before)
        found = [name for name in after if after[name] != old[name]]
        changed = (*found, *(["category"] if new_category else []))
    return ProductPlan(sku=sku, details=details, new_category=new_category, changed=changed)


def _name(row: FileRow) -> str:
    name = " ".join(cells.text(row["Name"]).split())
    for variant in ONLY_VARIANT:
        name = name.removesuffix(f" {variant}")
    return name


def _is_sold(row: FileRow) -> bool | None:
    is_discontinued = cells.yes_or_no(row["Discontinued"], "Discontinued")
    is_sold = cells.yes_or_no(row["Is sold"], "Is sold")
    if is_discontinued is None:
        return is_sold
    return not is_discontinued and is_sold is not False


def _price_list(row: FileRow, before: ProductDetails | None, lookups: ProductLookups) -> PriceList:
    code = cells.text(row["Price list"]).upper()
    if code:
        if code not in lookups.lists and not (lookups.main and lookups.main.code == code):
            raise Refused(
                _("Price list %(code)s does not exist. Use one of %(codes)s.")
                % {"code": code[:40], "codes": ", ".join(sorted(lookups.lists)) or "—"}
            )
        found = lookups.lists.get(code) or lookups.main
    else:
        found = before.price_list if before else lookups.main or lookups.lists.get("MAIN")
    if (
        found is None
    ):  # the first product of a new office, in a preview: `import_unit` makes the list
        found = PriceList(code="MAIN", currency=cells.text(row["Currency"]).upper())
    currency = cells.text(row["Currency"]).upper()
    if currency and currency != found.currency:
        raise Refused(
            _("Prices in list %(code)s are in %(currency)s, not %(value)s.")
            % {"code": found.code, "currency": found.currency, "value": currency[:10]}
        )
    return found


def _price(
    row: FileRow, prices: PriceList, tax_rate: TaxRate, options: Mapping[str, Any]
) -> Decimal | None:
    """Returns the price as its list needs it, with or without tax; None for an empty cell.

    Raises `Refused` for one that would be stored as 0.
    """
    price = cells.number(row["Price"], "Price")
    if price is None:
        return None
    has_tax = cells.yes_or_no(row["Price includes tax"], "Price includes tax")
    if has_tax is None:
        has_tax = prices_have_tax(options, prices.includes_tax)
    if has_tax == prices.includes_tax:
        return price  # whose decimals are checked
    found = price_for_list(
        price, tax_rate=tax_rate.rate, has_tax=has_tax, list_has_tax=prices.includes_tax
    )
    rounded = found.quantize(PRICE_STEP, rounding=ROUND_HALF_UP)
    if price and not rounded:
        raise Refused(_("The price is less than 0.00005, which would be stored as 0."), "price")
    return rounded


def _category(row: FileRow, lookups: ProductLookups) -> tuple[Category | None, str]:
    name = " ".join(cells.text(row["Category"]).split())
    if " > " in name:  # the deepest category of the first path
        name = name.split(", ")[0].split(" > ")[-1]
    if not name:
        return None, ""
    found = lookups.categories.get(name_key(name))
    if found is not None:
        return found, ""
    if len(name) > CATEGORY_LENGTH:
        raise Refused(_("The name of a category can have at most 60 characters."))
    return None, name


def _outcome(plan: ProductPlan, product: Product | None) -> tuple[RowOutcome, str]:
    if product is None:
        return RowOutcome.IMPORTED, _("New product")
    if not plan.changed:
        return RowOutcome.EXISTING, _("Nothing to change")
    fields = ", ".join(str(FIELD_LABELS[name]) for name in plan.changed)
    if plan.changed == ("price",):
        currency = plan.details.price_list.currency
        old, new = (
            format_unit_price(each, currency) for each in (product.price, plan.details.price)
        )
        fields = f"{fields} {old} → {new}"
    return RowOutcome.IMPORTED, _("Changes %(fields)s") % {"fields": fields}


def _planned_result(unit: FileUnit, plan: ProductPlan, product: Product | None) -> UnitResult:
    outcome, reason = _outcome(plan, product)
    is_new = product is None or "barcode" in plan.changed
    warning = ""
    if is_new and has_wrong_check_digit(plan.details.barcode):
        warning = _("The check digit of barcode “%(barcode)s” is wrong: check the barcode.") % {
            "barcode": plan.details.barcode
        }
    return _result(
        unit,
        outcome,
        ". ".join(filter(None, [reason, warning])),
        reference=plan.sku,
        made=_made(plan, product),
        is_warning=bool(warning),
    )


def _made(plan: ProductPlan, product: Product | None) -> dict[str, int]:
    made = {"categories": 1} if plan.new_category else {}
    if product is None:
        return {"products": 1, **made}
    return {"changes": 1, **made} if plan.changed else made


def _result(
    unit: FileUnit,
    outcome: RowOutcome,
    reason: str,
    *,
    reference: str = "",
    made: dict[str, int] | None = None,
    is_warning: bool = False,
) -> UnitResult:
    """Returns the outcome of the first row; further rows with the same code are refused."""
    first, *more = unit.rows
    repeated = _("Row %(row)d already has this code. Remove one of the rows.") % {
        "row": first.number
    }
    return UnitResult(
        rows=[
            RowResult(
                number=first.number,
                outcome=outcome,
                reason=reason,
                reference=reference,
                is_warning=is_warning,
            ),
            *(
                RowResult(number=row.number, outcome=RowOutcome.REFUSED, reason=repeated)
                for row in more
            ),
        ],
        made=made or {},
    )


register(ProductFile())

"""Reads the rows of an order log: one row for each order line, with the order's number and date.

The codes of services are those of the data set "Online Retail" (D. Chen, UCI Machine Learning
Repository, 2015).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.customers.models import CustomerReference
from frontdesk.order_log.row_costs import BadRow, required_number, row_cost
from officeflow.catalogue.actions.products import SKU
from officeflow.catalogue.actions.products import clean_sku as clean_product_code
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.imports import cells
from officeflow.imports.registry import FileRow, ImportColumn
from officeflow.text import name_key

KIND = "orders"  # of `officeflow.imports.registry`

EMAIL_PATTERN = r"\S*@\S*"
# A word for a product or a customer, which may be a code or a name.
PRODUCT_WORDS = (
    *("Article", "Item", "Product", "Artikel", "Produkt", "Produit", "Producto", "Prodotto"),
    *("Towar", "Zboží", "Товар"),
)
CUSTOMER_WORDS = (
    *("Customer", "Client", "Kunde", "Cliente", "Klant", "Klient", "Zákazník", "Клиент"),
)
LEAST_KNOWN = 0.5  # of the different cells of a column, for it to be one of codes


def is_share(cells: Sequence[str]) -> bool:
    """Returns whether numbers are shares of one, such as 0.15, rather than percentages."""
    found = [
        Decimal(cell.replace(",", ".")) for cell in cells if re.fullmatch(r"\d+([.,]\d+)?", cell)
    ]
    return bool(found) and max(found) <= 1 and any(0 < each < 1 for each in found)


def are_product_codes(cells: Sequence[str]) -> bool:
    """Returns whether most of the cells are codes of known products."""
    codes = {clean_sku(cell) for cell in cells}
    return bool(codes) and Product.objects.filter(sku__in=codes).count() > LEAST_KNOWN * len(codes)


def are_customer_numbers(cells: Sequence[str]) -> bool:
    """Returns whether most of the cells are numbers, such as CU-000012, or known ones."""
    keys = {_without_decimals(cell) for cell in cells}
    rest = {key for key in keys if not re.fullmatch(r"[A-Za-z]{0,4}[-_#]?\d+", key)}
    known = CustomerReference.objects.filter(reference__in=rest).values("reference").distinct()
    return bool(keys) and len(keys) - len(rest) + known.count() > LEAST_KNOWN * len(keys)


SHIPPING = "SHIPPING"  # the code of shipping that has no other
t = gettext_lazy
COLUMNS = (
    ImportColumn(
        name="Order number",
        meaning=t("The order’s number. Rows with the same number are one order."),
        required=True,
        aliases=(
            *("InvoiceNo", "Order ID", "Order", "OrderNo", "Order no", "Invoice", "Invoice number"),
            *("Invoice ID", "Receipt number", "Sale number", "Transaction ID", "Bestellnummer"),
            *("Auftragsnummer", "Rechnungsnummer", "Belegnummer", "Numéro de commande"),
            *("N° commande", "Commande", "Numéro de facture", "Número de pedido", "Pedido"),
            *("Número de factura", "Numero ordine", "Ordine", "Numero fattura", "Ordernummer"),
            *("Bestelnummer", "Factuurnummer", "Numer zamówienia", "Zamówienie", "Numer faktury"),
            *("Číslo objednávky", "Objednávka", "Číslo faktury", "Номер заказа", "Заказ"),
            *("注文番号", "Name"),
        ),
        example="539761",
    ),
    ImportColumn(
        name="Product code",
        meaning=t("The product’s code. Without one the product is found by its name."),
        required=True,
        instead=("Product name",),
        aliases=(
            *("StockCode", "SKU", "Lineitem sku", "Item SKU", "Product ID", "Item code", "Code"),
            *("Item number", "Article number", "Artikelnummer", "Artikel-Nr", "Artikelnr"),
            *("Référence", "Code article", "Código", "Codice", "Codice articolo", "Artikelcode"),
            *("Kod produktu", "Kod towaru", "Kód", "Kód zboží", "Артикул", "商品コード", "品番"),
        ),
        shared=PRODUCT_WORDS,
        recognises=are_product_codes,
        example="20705",
    ),
    ImportColumn(
        name="Product name",
        meaning=t("The product’s name, for new products."),
        aliases=(
            *("Description", "Lineitem name", "Item Name", "Product", "Item", "Article", "Name"),
            *("Artikel", "Bezeichnung", "Produkt", "Désignation", "Produit", "Descripción"),
            *("Producto", "Descrizione", "Prodotto", "Omschrijving", "Nazwa", "Nazwa produktu"),
            *("Towar", "Název", "Zboží", "Наименование", "Товар", "商品名"),
        ),
        example="MRS ROBOT SOFT TOY",
    ),
    ImportColumn(
        name="Quantity",
        meaning=t("How many. Below 0 for returned goods."),
        required=True,
        aliases=(
            *("Qty", "Lineitem quantity", "Quantity (- Refund)", "Quantity ordered", "Units"),
            *("Menge", "Anzahl", "Quantité", "Cantidad", "Quantità", "Aantal", "Ilość"),
            *("Množství", "Počet", "Количество", "Кол-во", "数量"),
        ),
        example="8",
        is_number=True,
    ),
    ImportColumn(
        name="Ordered at",
        meaning=t("When it was ordered, in the office’s time zone."),
        required=True,
        aliases=(
            *("InvoiceDate", "Order Date", "Created at", "Date", "Order time", "Sale date"),
            *("Bestelldatum", "Auftragsdatum", "Rechnungsdatum", "Datum", "Date de commande"),
            *("Fecha de pedido", "Fecha", "Data ordine", "Data", "Orderdatum", "Besteldatum"),
            *("Data zamówienia", "Datum objednávky", "Дата заказа", "Дата", "注文日", "日付"),
        ),
        joined_by=" ",
        parts=("Date", "Time"),
        example="2010-12-22 10:29:00",
        is_date=True,
    ),
    ImportColumn(
        name="Unit price",
        meaning=t("The price of one, in the office’s currency."),
        required=True,
        instead=("Line total",),
        aliases=(
            *("Lineitem price", "Item Cost", "Price Each", "Item price", "Price", "Einzelpreis"),
            *("Stückpreis", "Preis", "Prix unitaire", "Prix", "Precio unitario", "Precio"),
            *("Prezzo unitario", "Prezzo", "Stukprijs", "Prijs", "Cena jednostkowa", "Cena"),
            *("Jednotková cena", "Цена", "単価", "価格"),
        ),
        example="1.95",
        is_number=True,
        is_price=True,
    ),
    ImportColumn(
        name="Line total",
        meaning=t(
            "What the line costs in all, less its discount. With a unit price too, this counts."
        ),
        aliases=(
            *("Extended price", "Line amount", "Sales", "Item total", "Amount", "Gesamtpreis"),
            *("Positionssumme", "Total ligne", "Importe", "Importo", "Regeltotaal", "Wartość"),
            *("Сумма", "金額"),
        ),
        is_number=True,
        is_price=True,
    ),
    ImportColumn(
        name="Discount as a share",
        meaning=t("The discount of the line as a part of one: 0.15 is 15%."),
        aliases=("Discount", "Rabatt", "Remise", "Descuento", "Sconto", "Korting", "Rabat"),
        is_number=True,
        fits=is_share,
    ),
    ImportColumn(
        name="Discount in percent",
        meaning=t("The discount of the line in percent: 15 is 15%."),
        aliases=(
            *("Discount", "Discount %", "Rabatt", "Rabatt %", "Remise", "Descuento", "Sconto"),
            *("Korting", "Rabat", "Sleva", "Скидка"),
        ),
        is_number=True,
    ),
    ImportColumn(
        name="Discount amount",
        meaning=t("The discount of the whole line as an amount of money."),
        aliases=("Line discount", "Lineitem discount"),
        is_number=True,
    ),
    ImportColumn(
        name="Order discount",
        meaning=t("A discount of the whole order as an amount of money. Its lines share it."),
        aliases=(
            *("Order discount amount", "Cart discount", "Cart discount amount", "Coupon amount"),
            *("Total discount", "Auftragsrabatt", "Gesamtrabatt", "Warenkorbrabatt"),
        ),
        is_number=True,
        names_beside={"Lineitem price": ("Discount amount",)},
    ),
    ImportColumn(
        name="Shipping cost",
        meaning=t("What shipping costs for the whole order. It becomes a line of the order."),
        aliases=(
            *("Shipping", "Shipping amount", "Shipping total", "Order shipping amount"),
            *("Order shipping", "Shipping price", "Shipping charge", "Freight", "Postage"),
            *("Delivery charge", "Versandkosten", "Versand", "Frais de port", "Livraison"),
            *("Gastos de envío", "Envío", "Spedizione", "Verzendkosten", "Koszt dostawy"),
            *("Doprava", "Доставка", "送料"),
        ),
        is_number=True,
    ),
    ImportColumn(
        name="Shipping code",
        meaning=t("The code of the product as which shipping is sold. SHIPPING if it is empty."),
        example=SHIPPING,
    ),
    ImportColumn(
        name="Order total",
        meaning=t("What the whole order costs with tax. It is compared with the total here."),
        aliases=(
            *("Order total amount", "Grand total", "Total amount", "Total price", "Invoice total"),
            *("Gesamtbetrag", "Rechnungsbetrag", "Endbetrag", "Montant total", "Total TTC"),
            *("Importe total", "Totale ordine", "Totaalbedrag", "Kwota całkowita"),
            *("Celková částka", "Итого", "合計金額"),
        ),
        is_number=True,
        names_beside={"Subtotal": ("Total",)},
    ),
    ImportColumn(
        name="Customer number",
        meaning=t("The customer’s number in the other program. Empty for a walk-in."),
        aliases=(
            *("Customer ID", "Customer no", "Client ID", "Kundennummer", "Kunden-Nr"),
            *("Numéro client", "Número de cliente", "Codice cliente", "Klantnummer"),
            *("Numer klienta", "Číslo zákazníka", "Номер клиента", "顧客番号"),
        ),
        shared=CUSTOMER_WORDS,
        recognises=are_customer_numbers,
        example="17593",
    ),
    ImportColumn(
        name="Customer name",
        meaning=t("The customer’s name, for new customers."),
        aliases=(
            *("Billing name", "Company (Billing)", "Company name", "Client name", "Client"),
            *("Kunde", "Kundenname", "Nom du client", "Cliente", "Nombre del cliente"),
            *("Nome cliente", "Klant", "Klantnaam", "Klient", "Nazwa klienta", "Zákazník"),
            *("Клиент", "Покупатель", "顧客名", "Customer"),
        ),
        joined_by=" ",
        parts=("First name", "Last name"),
        example="Nora Nordmann",
    ),
    ImportColumn(
        name="E-mail",
        meaning=t("The customer’s e-mail address."),
        aliases=("Email", "Customer email", "Email address", "Contact email", "Mail", "Courriel"),
        pattern=EMAIL_PATTERN,
    ),
    ImportColumn(
        name="Phone",
        meaning=t("The customer’s phone number."),
        aliases=("Telephone", "Customer phone", "Telefon", "Téléphone", "Teléfono", "Telefono"),
    ),
    ImportColumn(
        name="Address",
        meaning=t("The customer’s postal address."),
        joined_by=", ",
        parts=(
            *("Address", "Street", "Address 1&2", "Address 1", "Address line 1", "Address1"),
            *("Address 2", "Address line 2", "Address2", "Postal code", "Postcode", "Zip"),
            *("Zip code", "City", "State", "Province", "Region"),
        ),
    ),
    ImportColumn(
        name="Country",
        meaning=t("The customer’s country."),
        aliases=("Country code", "Land", "Pays", "País", "Paese", "Kraj", "Země", "Страна"),
        example="United Kingdom",
    ),
    ImportColumn(
        name="Currency",
        meaning=t("Must be the office’s currency."),
        aliases=("Order currency", "Currency code", "Währung", "Devise", "Moneda", "Valuta"),
    ),
    ImportColumn(
        name="Status",
        meaning=t("A cancelled order is not imported."),
        aliases=("Order status", "Bestellstatus", "Auftragsstatus", "Statut"),
    ),
    ImportColumn(
        name="Cancelled at",
        meaning=t("An order with a date is cancelled and is not imported."),
        aliases=("Canceled at", "Cancellation date", "Storniert am"),
    ),
)
# What programs write for the whole order in its first row only.
REPEATED = (
    *("Ordered at", "Customer number", "Customer name", "E-mail", "Phone", "Address", "Country"),
    *("Currency", "Status", "Cancelled at"),
)

# Charges that online shops sell beside goods.
SERVICES = frozenset(
    {
        *(
            "POST",
            "DOT",
            "C2",
            "M",
            "D",
            "S",
            "B",
            "BANK CHARGES",
            "BANK-CHARGES",
            "AMAZONFEE",
            "CRUK",
        ),
        *("ADJUST", "ADJUST2", SHIPPING, "FREIGHT", "DELIVERY", "POSTAGE", "HANDLING"),
    }
)
VOUCHERS = "GIFT_"
CANCELLED_WORDS = frozenset(
    {
        *("cancelled", "canceled", "cancel", "void", "voided", "failed", "trash", "storniert"),
        *("annule", "annulee", "anulado", "cancelado", "annullato", "geannuleerd", "anulowane"),
        *("anulowano", "zruseno", "отменен", "отменено", "キャンセル"),
    }
)
MOST_SKU = 40
MOST_NAME = 200
MOST_KEY = 100
MOST_ADDRESS = 1000
CANCELLED = "C"
MOST_AHEAD = timedelta(days=1)  # another program's clock may be ahead
EARLIEST_YEAR = 1970


@dataclass(frozen=True, kw_only=True)
class LogCustomer:
    """The customer of a row. `key` names them in the source; empty for a walk-in."""

    key: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """The checked values of a row. `quantity` is below 0 for returned goods; `at` is aware.

    `price` is that of one before the discount, and `amount` what the row costs in all, both with or
    without tax as the file has them. `difference` says when the file contradicts itself.
    """

    number: int
    sku: str
    description: str
    quantity: Decimal
    price: Decimal
    discount_percent: Decimal
    amount: Decimal
    difference: str = ""
    at: datetime
    customer: LogCustomer


def clean_reference(text: str) -> str:
    """Returns an order's number in upper case; a spreadsheet's `539761.0` becomes 539761."""
    return _without_decimals(text).upper()


def is_cancellation(reference: str) -> bool:
    """Returns whether the number is that of a return."""
    return reference.startswith(CANCELLED) and reference[1:2].isdigit()


def clean_sku(text: str) -> str:
    """Returns a code as in the catalogue: `85049a` becomes 85049A."""
    return clean_product_code(_without_decimals(text))


def sku_of_name(name: str) -> str:
    """Returns a code for a product without one: `Tea towel, red` becomes TEA-TOWEL-RED.

    The end of a long name, or of one without Latin letters, is told apart by a digest.
    """
    plain = re.sub(r"[^A-Z0-9]+", "-", name_key(name).upper()).strip("-")
    if plain and len(plain) <= MOST_SKU and name_key(name).isascii():
        return plain
    digest = hashlib.sha256(name_key(name).encode()).hexdigest()[:8].upper()
    return f"{plain[: MOST_SKU - 9]}-{digest}".lstrip("-")


def is_goods(sku: str) -> bool:
    """Returns whether a code is that of goods, not of a service or charge."""
    return sku not in SERVICES and not sku.startswith(VOUCHERS)


def read_entry(row: FileRow, office: Office) -> LogEntry:
    """Returns the checked values of a row. Raises `BadRow`."""
    name = " ".join(cells.text(row["Product name"]).split())[:200]
    sku = clean_sku(_text(row, "Product code")) or (sku_of_name(name) if name else "")
    if not sku:
        raise BadRow(_("%(column)s is empty.") % {"column": "Product code"})
    if not SKU.fullmatch(sku):
        raise BadRow(
            _("%(column)s is not a product code: %(text)s")
            % {"column": "Product code", "text": sku[:40]}
        )
    currency = row["Currency"].strip().upper()
    if currency and currency != office.currency:
        raise BadRow(
            _("The order is in %(currency)s. Orders of this office are in %(own)s.")
            % {"currency": currency[:10], "own": office.currency}
        )
    status = name_key(row["Status"]).removeprefix("wc-")
    if status in CANCELLED_WORDS or row["Cancelled at"].strip():
        raise BadRow(_("The order was cancelled in the other program."))
    quantity = required_number(row, "Quantity")
    cost = row_cost(row, quantity, office.currency)
    return LogEntry(
        number=row.number,
        sku=sku,
        description=name,
        quantity=quantity,
        price=cost.price,
        discount_percent=cost.discount_percent,
        amount=cost.amount,
        difference=cost.difference,
        at=_moment(row, office.zone),
        customer=_customer(row),
    )


def _text(row: FileRow, column: str) -> str:
    return cells.text(row[column])


def _customer(row: FileRow) -> LogCustomer:
    """Returns the customer, named by the number, the e-mail or the name, whichever there is."""
    number = _without_decimals(_text(row, "Customer number"))
    name = " ".join(_text(row, "Customer name").split())[:MOST_NAME]
    email = _text(row, "E-mail")[:MOST_NAME].lower()
    return LogCustomer(
        key=(number or email or name_key(name))[:MOST_KEY],
        name=name,
        email=email,
        phone=_text(row, "Phone")[:40],
        address=_text(row, "Address")[:MOST_ADDRESS],
        country=" ".join(row["Country"].split())[:60],
    )


def _moment(row: FileRow, zone: ZoneInfo) -> datetime:
    text = row["Ordered at"]
    if not text:
        raise BadRow(_("%(column)s is empty.") % {"column": "Ordered at"})
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadRow(
            _("%(column)s must be a date such as 2010-12-22 or 22.12.2010 10:29, not %(text)s")
            % {"column": "Ordered at", "text": text[:40]}
        ) from None
    at = read if read.tzinfo is not None else read.replace(tzinfo=zone)
    if at.year < EARLIEST_YEAR or at > timezone.now() + MOST_AHEAD:
        raise BadRow(
            _("%(column)s must be in the past, not %(text)s")
            % {"column": "Ordered at", "text": text[:40]}
        )
    return at


def _without_decimals(text: str) -> str:
    """Returns a number without the `.0` that a spreadsheet has added."""
    text = text.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def products_in_file(entries: Iterable[LogEntry]) -> dict[str, dict[str, str]]:
    """Returns name and price of each product in the file, by code.

    The name and the price are the most frequent ones; of equally frequent ones the longest name
    and the highest price. Rows without a price or quantity are left out: their description is a
    note on a stock correction, such as `damaged`.
    """
    names: dict[str, Counter[str]] = {}
    prices: dict[str, Counter[Decimal]] = {}
    for entry in entries:
        if entry.price <= 0 or entry.quantity == 0:
            continue
        prices.setdefault(entry.sku, Counter())[entry.price] += 1
        if entry.description:
            names.setdefault(entry.sku, Counter())[entry.description] += 1
    return {
        sku: {
            "name": _most_frequent(names.get(sku, Counter({sku: 1})), len),
            "price": str(_most_frequent(found, lambda price: price)),
        }
        for sku, found in prices.items()
    }


def _most_frequent(counted: Counter[Any], worth: Any) -> Any:
    return max(counted, key=lambda each: (counted[each], worth(each), each))

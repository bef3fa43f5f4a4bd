"""The columns of an order log: what they mean, and the headings that programs give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy

from frontdesk.customers.models import CustomerReference
from frontdesk.order_log.rows import SHIPPING, clean_sku, without_decimals
from officeflow.catalogue.models import Product
from officeflow.imports.cells import EMAIL
from officeflow.imports.registry import ImportColumn

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
    keys = {without_decimals(cell) for cell in cells}
    rest = {key for key in keys if not re.fullmatch(r"[A-Za-z]{0,4}[-_#]?\d+", key)}
    known = CustomerReference.objects.filter(reference__in=rest).values("reference").distinct()
    return bool(keys) and len(keys) - len(rest) + known.count() > LEAST_KNOWN * len(keys)


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
        pattern=EMAIL,
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

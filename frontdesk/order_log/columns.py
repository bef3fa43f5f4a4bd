"""The columns of an order log: what they mean, and the headings that programs give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy

from frontdesk.customers.models import CustomerReference
from frontdesk.order_log.rows import SHIPPING, clean_sku, without_decimals
from officeflow.catalogue.models import Product
from officeflow.catalogue.units import UNITS
from officeflow.imports.cells import EMAIL
from officeflow.imports.registry import ImportColumn
from officeflow.text import name_key

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


def tells_of_payment(cells: Sequence[str]) -> bool:
    """Returns whether cells say whether orders are paid, rather than how much."""
    return not any(any(sign.isdigit() for sign in cell) for cell in cells)


def _of_delivery(*parts: str) -> tuple[str, ...]:
    """Returns the headings that programs give to parts of a delivery address, in their order."""
    words = ("Shipping", "Delivery", "Ship to", "Ship")
    return tuple(
        heading
        for part in parts
        for word in words
        for heading in (f"{word} {part}", f"{part} ({word})")
    )


t = gettext_lazy
COLUMNS = (
    ImportColumn(
        name="Order number",
        meaning=t("The order’s number. Rows with the same number are one order."),
        required=True,
        aliases=(
            *("InvoiceNo", "Order ID", "Order", "OrderNo", "Order no", "Invoice", "Invoice number"),
            *("Invoice ID", "Receipt number", "Sale number", "Transaction ID", "Bestellnummer"),
            *("Bestellnr", "Bestell-ID", "Bestellung", "Auftragsnummer", "Auftragsnr", "Auftrag"),
            *("Auftrags-ID", "Rechnungsnummer", "Rechnungsnr", "Rechnung", "Belegnummer"),
            *("Belegnr", "Vorgangsnummer", "Numéro de commande", "N° commande", "N° de commande"),
            *("No commande", "Réf. commande", "Référence commande", "Commande"),
            *("Numéro de facture", "N° facture", "N° de facture", "Facture"),
            *("Número de pedido", "N.º de pedido", "Nº pedido", "Nº de pedido", "Núm. pedido"),
            *(
                "Pedido",
                "Número de factura",
                "Nº factura",
                "Factura",
                "Numero ordine",
                "Ordine",
                "Numero fattura",
                "Ordernummer",
            ),
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
            *("Item number", "Article number", "Artikelnummer", "Artikel-Nr", "Art.-Nr.", "ArtNr"),
            *("Produktnummer", "Produktcode", "Produkt-Nr", "Bestellcode", "Référence", "Réf."),
            *("Référence article", "Réf. article", "Code article", "Code produit", "Código"),
            *(
                "Código de producto",
                "Código de artículo",
                "Referencia",
                "Ref.",
                "Codice",
                "Codice articolo",
                "Artikelcode",
            ),
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
            *("Artikel", "Bezeichnung", "Artikelbezeichnung", "Artikelname", "Produkt"),
            *("Produktname", "Produktbezeichnung", "Désignation", "Libellé", "Produit"),
            *("Nom du produit", "Descripción", "Nombre del producto", "Artículo", "Concepto"),
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
            *("Menge", "Anzahl", "Stück", "Stückzahl", "Bestellmenge", "Quantité", "Qté"),
            *("Nombre", "Cantidad", "Cant.", "Uds.", "Unidades", "Quantità", "Aantal", "Ilość"),
            *("Množství", "Počet", "Количество", "Кол-во", "数量"),
        ),
        example="8",
        is_number=True,
    ),
    ImportColumn(
        name="Unit",
        meaning=t("The unit of new products: piece, kg, m, l or h."),
        aliases=(
            *("Unit of measure", "UOM", "Sold by", "Einheit", "Mengeneinheit", "ME", "Unité"),
            *("Unidad", "Unidad de medida", "Jednostka"),
        ),
        fits=lambda cells: all(name_key(each) in UNITS for each in cells),
    ),
    ImportColumn(
        name="Ordered at",
        meaning=t("When it was ordered, in the office’s time zone."),
        required=True,
        aliases=(
            *("InvoiceDate", "Order Date", "Created at", "Date", "Order time", "Sale date"),
            *("Bestelldatum", "Auftragsdatum", "Rechnungsdatum", "Belegdatum", "Bestellt am"),
            *("Datum", "Date de commande", "Date de la commande", "Date commande", "Commandé le"),
            *("Date de facture", "Fecha de pedido", "Fecha del pedido", "Fecha pedido"),
            *("Fecha de factura", "Fecha", "Data ordine", "Data", "Orderdatum", "Besteldatum"),
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
            *("Stückpreis", "E-Preis", "Verkaufspreis", "VK-Preis", "VK", "Preis"),
            *("Prix unitaire", "P.U.", "PU", "Prix de vente", "Prix", "Precio unitario"),
            *("P. unitario", "Precio de venta", "PVP", "Precio"),
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
            *("Positionssumme", "Gesamt", "Gesamtsumme", "Zeilensumme", "Summe", "Betrag"),
            *("Umsatz", "Total ligne", "Montant", "Montant ligne", "Total de la ligne"),
            *("Total línea", "Importe línea", "Importe", "Importo", "Regeltotaal", "Wartość"),
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
            *(
                "Versandkosten brutto",
                "Porto",
                "Fracht",
                "Frais de livraison",
                "Frais d’expédition",
            ),
            *(
                "Gastos de envío",
                "Coste de envío",
                "Portes",
                "Envío",
                "Spedizione",
                "Verzendkosten",
                "Koszt dostawy",
            ),
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
            *("Gesamtbetrag", "Rechnungsbetrag", "Endbetrag", "Bestellsumme", "Auftragssumme"),
            *("Auftragswert", "Montant total", "Total TTC", "Total de la commande"),
            *(
                "Total commande",
                "Importe total",
                "Total del pedido",
                "Total pedido",
                "Totale ordine",
                "Totaalbedrag",
                "Kwota całkowita",
            ),
            *("Celková částka", "Итого", "合計金額"),
        ),
        is_number=True,
        names_beside={
            "Subtotal": ("Total",),
            "Zwischensumme": ("Gesamt", "Gesamtsumme", "Summe"),
            "Sous-total": ("Total",),
        },
    ),
    ImportColumn(
        name="Customer number",
        meaning=t("The customer’s number in the other program. Empty for a walk-in."),
        aliases=(
            *("Customer ID", "Customer no", "Client ID", "Kundennummer", "Kunden-Nr", "Kd.-Nr."),
            *("Kunden-ID", "Numéro client", "Numéro de client", "N° client", "Code client"),
            *(
                "Número de cliente",
                "Nº cliente",
                "Nº de cliente",
                "Código de cliente",
                "Codice cliente",
                "Klantnummer",
            ),
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
            *(
                "Kunde",
                "Kundenname",
                "Besteller",
                "Nom du client",
                "Nom client",
                "Cliente",
                "Nombre del cliente",
            ),
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
        name="Delivery name",
        meaning=t("Who receives the goods. It is written before the delivery address."),
        aliases=("Recipient", "Shipping contact", "Empfänger", "Destinataire", "Destinatario"),
        joined_by=" ",
        parts=_of_delivery("Name", "First name", "Last name"),
    ),
    ImportColumn(
        name="Delivery address",
        meaning=t("Where the goods go. An order without one is for pick-up at the counter."),
        aliases=(
            *("Ship address", "Deliver to", "Lieferadresse", "Lieferanschrift", "Versandadresse"),
            *("Adresse de livraison", "Dirección de envío", "Dirección de entrega"),
            *("Indirizzo di spedizione", "Indirizzo di consegna", "Afleveradres", "Bezorgadres"),
            *("Adres dostawy", "Dodací adresa", "Адрес доставки", "配送先住所"),
        ),
        joined_by=", ",
        parts=(
            *_of_delivery(
                *("Company", "Address", "Street", "Address 1&2", "Address 1", "Address line 1"),
                *("Address 2", "Address line 2", "City", "Town", "Zip", "Zip code", "Postal code"),
                *("Postcode", "State", "State code", "Province", "Province name", "Region"),
                *("County", "Country", "Country code"),
            ),
            *("Lieferstraße", "Liefer-PLZ", "Lieferort", "Lieferland", "Rue de livraison"),
            *("Code postal de livraison", "Ville de livraison", "Pays de livraison"),
            *("Calle de envío", "Código postal de envío", "Ciudad de envío", "País de envío"),
        ),
    ),
    ImportColumn(
        name="Note",
        meaning=t("What the customer wrote about the order."),
        aliases=(
            *("Notes", "Customer note", "Customer notes", "Order note", "Order notes", "Comment"),
            *("Comments", "Remarks", "Buyer note", "Delivery instructions", "Bemerkung"),
            *("Bemerkungen", "Anmerkung", "Anmerkungen", "Kundenhinweis", "Kundennotiz", "Hinweis"),
            *("Notiz", "Kommentar", "Remarque", "Remarques", "Commentaire", "Note du client"),
            *("Nota", "Notas", "Nota del cliente", "Observaciones", "Comentario", "Comentarios"),
            *("Opmerking", "Opmerkingen", "Uwagi", "Poznámka", "Примечание", "Комментарий", "備考"),
        ),
    ),
    ImportColumn(
        name="Currency",
        meaning=t("Must be the office’s currency."),
        aliases=("Order currency", "Currency code", "Währung", "Devise", "Moneda", "Valuta"),
    ),
    ImportColumn(
        name="Status",
        meaning=t(
            "Whether the order is done, such as “Completed” or “Shipped”, or open. A cancelled or "
            "refunded order is not imported."
        ),
        aliases=(
            *("Order status", "Fulfillment status", "Fulfilment status", "Delivery status"),
            *("Shipping status", "Bestellstatus", "Auftragsstatus", "Lieferstatus"),
            *("Versandstatus", "Statut", "Statut de la commande", "État de la commande"),
            *("Estado del pedido", "Estado de pedido", "Stato ordine", "Bestelstatus"),
            *("Status zamówienia", "Stav objednávky", "Статус", "Статус заказа", "ステータス"),
        ),
    ),
    ImportColumn(
        name="Payment status",
        meaning=t(
            "Whether the order is paid. A refunded order is not imported; of a paid one the "
            "preview says that the payment is still to be recorded."
        ),
        aliases=(
            *("Financial status", "Payment state", "Paid", "Zahlungsstatus", "Bezahlt"),
            *("Statut du paiement", "Statut de paiement", "Payé", "Estado del pago"),
            *("Estado de pago", "Pagado", "Stato pagamento", "Betaalstatus"),
        ),
        fits=tells_of_payment,
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
    *("Currency", "Status", "Payment status", "Cancelled at", "Delivery name"),
    *("Delivery address", "Note"),
)

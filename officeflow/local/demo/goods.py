"""What the demo company sells."""

from __future__ import annotations

from decimal import Decimal

from officeflow.catalogue.actions import (
    ProductDetails,
    add_product,
    add_tax_rate,
    main_price_list,
)
from officeflow.catalogue.models import Kind, Product, Unit
from officeflow.staff.models import User

STANDARD, ZERO = "STANDARD", "ZERO"
RATES = ((STANDARD, "Standard rate", "0.2000"), (ZERO, "Zero rate (books)", "0.0000"))

# Code, name, price with tax, rate, barcode.
GOODS = (
    ("LAMP-RICE-S", "Rice paper lantern, small", "18.50", STANDARD, "5060000100017"),
    ("LAMP-RICE-L", "Rice paper lantern, large", "34.00", STANDARD, "5060000100024"),
    ("LAMP-DESK", "Brass desk lamp", "89.00", STANDARD, "5060000100031"),
    ("LAMP-STRING", "String of ten paper lanterns", "27.90", STANDARD, "5060000100048"),
    ("BULB-E27", "Warm light bulb E27", "6.40", STANDARD, "5060000100055"),
    ("NOTE-A5", "Notebook A5, dotted", "9.80", STANDARD, "5060000100062"),
    ("NOTE-A4", "Notebook A4, plain", "13.20", STANDARD, "5060000100079"),
    ("DIARY-27", "Diary 2027, linen", "21.00", STANDARD, "5060000100086"),
    ("PEN-FOUNT", "Fountain pen, walnut", "46.50", STANDARD, "5060000100093"),
    ("INK-BLUE", "Ink, midnight blue", "8.90", STANDARD, "5060000100109"),
    ("INK-GREEN", "Ink, fir green", "8.90", STANDARD, "5060000100116"),
    ("CARD-BDAY", "Birthday card, letterpress", "3.75", STANDARD, "5060000100123"),
    ("CARD-SET", "Set of eight note cards", "14.50", STANDARD, "5060000100130"),
    ("MUG-SWIFT", "Mug with swifts", "12.00", STANDARD, "5060000100147"),
    ("TEAPOT", "Teapot, celadon", "52.00", STANDARD, "5060000100154"),
    ("VASE-TALL", "Tall glass vase", "38.00", STANDARD, "5060000100161"),
    ("CANDLE", "Beeswax candle", "7.20", STANDARD, "5060000100178"),
    ("BOOK-BIRDS", "A Pocket Book of Birds", "11.99", ZERO, "9780000100189"),
    ("BOOK-FOLD", "Folding Paper: Forty Models", "16.99", ZERO, "9780000100196"),
    ("MAP-TOWN", "Map of the town, folded", "5.99", ZERO, "9780000100202"),
)
# Code, name, price with tax, unit.
LENGTHS = (("RIBBON", "Silk ribbon", "1.80", Unit.METRE, "5060000100215"),)
SERVICES = (
    ("POST-UK", "Postage within the country", "4.20", Unit.PIECE),
    ("GIFT-WRAP", "Gift wrapping", "3.00", Unit.PIECE),
    ("ENGRAVE", "Engraving, one line", "9.50", Unit.PIECE),
    ("REPAIR", "Lamp repair", "36.00", Unit.HOUR),
)


def stock_up(actor: User) -> dict[str, Product]:
    """Makes the rates, the price list and the products; gives them by code."""
    rates = {
        code: add_tax_rate(actor=actor, code=code, name=name, rate=Decimal(rate))
        for code, name, rate in RATES
    }
    prices = main_price_list()
    details = {
        sku: ProductDetails(
            name=name,
            price=Decimal(price),
            tax_rate=rates[rate],
            price_list=prices,
            barcode=barcode,
        )
        for sku, name, price, rate, barcode in GOODS
    }
    for sku, name, price, unit, barcode in LENGTHS:
        details[sku] = ProductDetails(
            name=name,
            price=Decimal(price),
            tax_rate=rates[STANDARD],
            price_list=prices,
            unit=unit,
            barcode=barcode,
        )
    for sku, name, price, unit in SERVICES:
        details[sku] = ProductDetails(
            name=name,
            price=Decimal(price),
            tax_rate=rates[STANDARD],
            price_list=prices,
            kind=Kind.SERVICE,
            unit=unit,
        )
    return {sku: add_product(actor=actor, sku=sku, details=each) for sku, each in details.items()}

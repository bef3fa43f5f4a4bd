"""The demo's products, tax rates and prices."""

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
    ("LAMP-FLOOR", "Floor lamp, ash and linen", "145.00", STANDARD, "5060000100222"),
    ("BULB-E14", "Warm light bulb E14", "5.90", STANDARD, "5060000100239"),
    ("CABLE-RED", "Textile cable with switch, red", "17.50", STANDARD, "5060000100246"),
    ("NOTE-POCKET", "Pocket notebook, set of three", "11.50", STANDARD, "5060000100253"),
    ("PENCIL-SET", "Twelve pencils, soft to hard", "15.00", STANDARD, "5060000100260"),
    ("INK-RED", "Ink, oxblood", "8.90", STANDARD, "5060000100277"),
    ("CARD-XMAS", "Christmas card, linocut", "3.95", STANDARD, "5060000100284"),
    ("PAPER-GIFT", "Gift paper, three sheets", "6.80", STANDARD, "5060000100291"),
    ("BOWL-SALT", "Stoneware bowl, salt glaze", "24.00", STANDARD, "5060000100307"),
    ("PLATE-BLUE", "Side plate, blue rim", "16.00", STANDARD, "5060000100314"),
    ("CUSHION", "Wool cushion, herringbone", "42.00", STANDARD, "5060000100321"),
    ("THROW", "Lambswool throw", "95.00", STANDARD, "5060000100338"),
    ("BOOK-STARS", "The Night Sky, Month by Month", "14.99", ZERO, "9780000100349"),
    ("PUZZLE", "Jigsaw of the river, 500 pieces", "22.00", STANDARD, "5060000100345"),
    ("BOOK-BREAD", "Bread Without a Clock", "18.50", ZERO, "9780000100356"),
)
# Code, name, price with tax, unit.
LENGTHS = (("RIBBON", "Silk ribbon", "1.80", Unit.METRE, "5060000100215"),)
POSTAGE = "POST-UK"
SERVICES = (
    (POSTAGE, "Postage within the country", "4.20", Unit.PIECE),
    ("GIFT-WRAP", "Gift wrapping", "3.00", Unit.PIECE),
    ("ENGRAVE", "Engraving, one line", "9.50", Unit.PIECE),
    ("REPAIR", "Lamp repair", "36.00", Unit.HOUR),
)

# The weight of each product in random orders; 1 for those not named.
OFTEN_ORDERED = {
    "CARD-BDAY": 9, "CARD-XMAS": 8, "BULB-E27": 8, "CANDLE": 8, "NOTE-A5": 7, "LAMP-RICE-S": 6,
    "MUG-SWIFT": 6, "GIFT-WRAP": 6, "PAPER-GIFT": 5, "DIARY-27": 5, "RIBBON": 4, "INK-BLUE": 4,
    "BOOK-STARS": 4, "NOTE-POCKET": 4, "CARD-SET": 3, "BOWL-SALT": 3, "LAMP-STRING": 3,
}  # fmt: skip
POPULARITY = {
    sku: OFTEN_ORDERED.get(sku, 1)
    for sku, *_rest in (*GOODS, *LENGTHS, *SERVICES)
    if sku not in (POSTAGE, "REPAIR")
}


def create_products(actor: User) -> dict[str, Product]:
    """Creates the tax rates, the price list and the products; returns the products by code."""
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

"""Finding the product whose code a scanner read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Q

from officeflow.catalogue.models import Product

LONGEST = 200
# The identifier of the symbology that scanners can send before the code (ISO/IEC 15424).
SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
# The element string of a trade item, with or without brackets, and its digital link (GS1).
ELEMENT = re.compile(r"^\x1d?(?:\(01\)|01)(\d{14})")
LINK = re.compile(r"^https?://.*/01/(\d{8,14})(?:[/?#]|$)", re.IGNORECASE)
GTIN_LENGTHS = (8, 12, 13, 14)


def has_wrong_check_digit(barcode: str) -> bool:
    """Returns whether a barcode has the length of a GTIN (EAN, UPC), but not its check digit.

    The digits before the last one count three times and once in turn, from the right; the last
    one makes the sum a multiple of ten (GS1 General Specifications, section 7.9).
    """
    if not (barcode.isascii() and barcode.isdecimal() and len(barcode) in GTIN_LENGTHS):
        return False
    digits = [int(digit) for digit in reversed(barcode)]
    return bool((sum(digits[::2]) + 3 * sum(digits[1::2])) % 10)


def readings(text: str) -> list[str]:
    """Returns the codes that a scanned text may mean, the text itself first.

    The same trade item has a code of 8, 12, 13 or 14 digits that differ by zeros in front (GS1
    General Specifications, 3.3.2). Caps Lock swaps the case of letters.
    """
    code = text.strip()[:LONGEST]
    plain = SYMBOLOGY.sub("", code)
    found = [code, plain, plain.swapcase()]
    item = ELEMENT.match(plain) or LINK.match(plain)
    number = item[1] if item else plain
    if number.isascii() and number.isdecimal() and len(number) in GTIN_LENGTHS:
        bare = number.lstrip("0")
        found += [number, *(bare.zfill(n) for n in GTIN_LENGTHS if len(bare) <= n)]
    return list(dict.fromkeys(each for each in found if each))


def product_scanned(texts: Iterable[str]) -> Product | None:
    """Returns the product with a scanned code or barcode, also one that is no longer sold.

    `texts` are readings of one scan by different keyboard layouts, the likeliest first.
    """
    codes = [code for text in texts for code in readings(text)]
    rows = Product.objects.with_price().filter(
        Q(barcode__in=codes) | Q(sku__in=[*codes, *(code.upper() for code in codes)])
    )
    by_code: dict[str, Product] = {}
    for product in rows:
        by_code[product.sku.upper()] = product
    for product in rows:
        if product.barcode:
            by_code.setdefault(product.barcode, product)
    return next(
        (
            found
            for code in codes
            if (found := by_code.get(code.upper()) or by_code.get(code)) is not None
        ),
        None,
    )

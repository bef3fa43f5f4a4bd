"""Converting the text of cells."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from officeflow.errors import Refused
from officeflow.imports import cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("", None),
        ("  ", None),
        ("12", "12"),
        ("12.50", "12.50"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1,234,567", "1234567"),
        ("£ 3.20", "3.20"),
        ("3.20 GBP", "3.20"),
        ("20 %", "20"),
        ("-4.5", "-4.5"),
        (".5", "0.5"),
        ("'-4.5", "-4.5"),
    ],
)
def test_numbers(cell, value):
    found = cells.number(cell, "Price")
    assert found == (Decimal(value) if value is not None else None)


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("£3.20", "en-gb"),
        ("3.20 kr", "en-no"),
        ("3,20 kr.", "da"),
        ("3,20 Kč", "cs"),
        ("KSh 3.20", "en-ke"),
        ("US$ 3.20", "en-gb"),
        ("CHF 3.20", "en"),
    ],
)
def test_an_amount_has_the_signs_of_the_language(cell, language):
    with translation.override(language):
        assert cells.number(cell, "Price") == Decimal("3.2")


@pytest.mark.parametrize(
    "cell",
    ["1,234", "1,2,3", "12,34.5", "a lot", "12abc", "1.2.3", "1e5", "NaN", "--1", "²", "3 ABC"],
)
def test_text_that_is_no_number_is_refused(cell):
    with pytest.raises(Refused) as refused:
        cells.number(cell, "Price")
    assert "Price" in refused.value.message


def test_a_text_loses_the_apostrophe_of_an_export_and_no_other():
    assert cells.text("'+44 20 7946 0958") == "+44 20 7946 0958"
    assert cells.text("'s-Hertogenbosch") == "'s-Hertogenbosch"
    assert cells.text("one\r\ntwo ") == "one\ntwo"


def test_a_code_shortened_by_a_spreadsheet_is_refused():
    assert cells.code("5012349909847", "Barcode") == "5012349909847"
    with pytest.raises(Refused, match="shortened"):
        cells.code("5.01234E+12", "Barcode")


def test_yes_and_no():
    assert [cells.yes_or_no(cell, "Is sold") for cell in ("Yes", "0", "TRUE", "")] == [
        True,
        False,
        True,
        None,
    ]
    with pytest.raises(Refused, match="Is sold must be yes or no"):
        cells.yes_or_no("perhaps", "Is sold")

"""Parsing of typed numbers, and rendering them in forms."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from backoffice.hr.forms import CommissionRateForm
from officeflow.administration.forms.set_up import RateForm
from officeflow.catalogue.forms import NewProductForm, TaxRateForm
from officeflow.formats import active_locale, write_number
from officeflow.formats.reading import NotANumber, read_number, write_plainly
from officeflow.ui.numbers import (
    AmountField,
    AmountsForm,
    NumberField,
    PercentField,
    QuantityField,
)


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("en", "3", "3"),
        ("en", " 1.5 ", "1.5"),
        ("en", "1,5", "1.5"),
        ("en", "1,500", "1500"),
        ("en", "1,234.50", "1234.50"),
        ("en", ".5", "0.5"),
        ("en", "−2", "-2"),
        ("en", "1,", "1"),  # somebody is still typing
        ("nb", "1,5", "1.5"),
        ("nb", "1.5", "1.5"),
        ("nb", "1,500", "1.5"),
        ("nb", "0,250", "0.25"),
        ("en", "0.250", "0.25"),
        ("en", "0,25", "0.25"),
        ("en", "1.234,50", "1234.50"),
        ("en", "1234,567", "1234.567"),
        ("en", "1,234,567", "1234567"),
        ("nb", "1 234,50", "1234.50"),
        ("en-de", "1.500", "1500"),
        ("en-de", "1.234,5", "1234.5"),
        ("en-ch", "1’234.5", "1234.5"),
        ("en-in", "12,34,567.5", "1234567.5"),
        ("en", "१२", "12"),
    ],
)
def test_a_number_is_read_by_the_readers_locale(language: str, typed: str, read: str) -> None:
    with translation.override(language):
        assert read_number(typed) == Decimal(read)


@pytest.mark.parametrize(
    "typed", ["", " ", "one", "1,2,3", "1.2.3", "NaN", "Infinity", "1e5", "--1", "9" * 25]
)
def test_an_invalid_number_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        read_number(typed)


@pytest.mark.parametrize(
    ("language", "typed", "one", "other"),
    [
        ("en", "0,250", "0.25", "250"),
        ("en", "−0,125", "-0.125", "-125"),
        ("nb", "1.500", "1,5", "1500"),
        ("en-ch", "1,500", "1.5", "1500"),
        ("en-de", "0.250", "0,25", "250"),
    ],
)
def test_a_number_with_two_meanings_is_asked_about(
    language: str, typed: str, one: str, other: str
) -> None:
    with translation.override(language), pytest.raises(ValidationError) as error:
        NumberField().clean(typed)
    assert error.value.messages == [f"{typed} can mean {one} or {other}. Enter {one} or {other}."]
    with translation.override(language):
        assert NumberField().clean(one) == Decimal(one.replace(",", "."))
        assert NumberField().clean(other) == Decimal(other)


@given(
    value=st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    language=st.sampled_from(["en", "en-de", "en-ch", "en-in", "nb", "cs"]),
)
def test_a_displayed_number_is_parsed_unchanged(value: Decimal, language: str) -> None:
    with translation.override(language):
        assert read_number(NumberField().prepare_value(value)) == value


@given(
    value=st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    decimals=st.integers(0, 4),
    language=st.sampled_from([code for code, _name in settings.LANGUAGES]),
)
def test_a_number_written_in_any_language_is_read_unchanged(
    value: Decimal, decimals: int, language: str
) -> None:
    value = round(value, decimals)
    with translation.override(language):
        assert read_number(write_number(value, decimals, active_locale())) == value
        assert read_number(write_plainly(value)) == value


def test_every_form_accepts_a_decimal_comma() -> None:
    forms = (NewProductForm, "price"), (TaxRateForm, "percent"), (CommissionRateForm, "percent")
    for form, name in forms:
        assert form.base_fields[name].clean("12,50") == Decimal("12.5")
    with pytest.raises(ValidationError):
        TaxRateForm.base_fields["percent"].clean("120")


class Payment(AmountsForm):
    """A form with an amount."""

    amount = AmountField()


@pytest.mark.parametrize(
    ("currency", "typed", "is_sound"),
    [
        ("EUR", "1.05", True),
        ("EUR", "1.005", False),
        ("JPY", "1", True),
        ("JPY", "1.5", False),
        ("KWD", "1.005", True),
        ("EUR", "1.500000", True),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(
    currency: str, typed: str, is_sound: bool
) -> None:
    form = Payment({"amount": typed}, currency=currency)
    assert form.is_valid() == is_sound
    assert bool(form.errors) != is_sound


def test_an_amount_is_shown_with_the_decimals_of_its_currency() -> None:
    shown = {
        currency: Payment(currency=currency, initial={"amount": Decimal("12.0000")})[
            "amount"
        ].value()
        for currency in ("EUR", "JPY", "KWD")
    }
    assert shown == {"EUR": "12.00", "JPY": "12", "KWD": "12.000"}


@pytest.mark.parametrize("typed", ["0", "99.99", "100", "17,5"])
def test_a_percentage_is_from_0_to_100(typed: str) -> None:
    assert PercentField().clean(typed) == Decimal(typed.replace(",", "."))


def test_a_tax_rate_has_three_decimals() -> None:
    assert TaxRateForm.base_fields["percent"].clean("8.875") == Decimal("8.875")
    with pytest.raises(ValidationError, match="3 decimals"):
        TaxRateForm.base_fields["percent"].clean("8.8755")


@pytest.mark.parametrize("language", ["en", "en-de", "en-ch", "nb"])
@pytest.mark.parametrize("typed", ["8.875", "8,875", "1.234", "1,234", "0,250", "0.250"])
def test_a_percentage_that_cannot_have_thousands_has_decimals(language: str, typed: str) -> None:
    with translation.override(language):
        found = TaxRateForm.base_fields["percent"].clean(typed)
    assert found == Decimal(typed.replace(",", "."))


def test_both_forms_of_tax_rates_have_the_same_field() -> None:
    in_set_up, later = RateForm.base_fields["percent"], TaxRateForm.base_fields["percent"]
    for typed in ("8.875", "99.999", "0"):
        assert in_set_up.clean(typed) == later.clean(typed) == Decimal(typed)
    for typed in ("100", "8.8755", "-1"):
        for field in (in_set_up, later):
            with pytest.raises(ValidationError):
                field.clean(typed)


@pytest.mark.parametrize(("language", "example"), [("en", "1.5"), ("en-de", "1,5"), ("nb", "1,5")])
def test_the_example_of_a_number_is_written_as_the_reader_writes_it(
    language: str, example: str
) -> None:
    with translation.override(language):
        with pytest.raises(ValidationError) as error:
            NumberField().clean("one")
        assert error.value.messages == [f"Enter a number such as 3 or {example}."]


@pytest.mark.parametrize("typed", ["-0.01", "100.01", "7.555"])
def test_another_percentage_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="percentage"):
        PercentField().clean(typed)


def test_a_quantity_has_at_most_three_decimals_and_is_shown_without_zeros() -> None:
    assert QuantityField().clean("1,125") == Decimal("1125")
    assert QuantityField().clean("0.125") == Decimal("0.125")
    assert QuantityField().prepare_value(Decimal("1.500")) == "1.5"
    assert QuantityField().prepare_value(Decimal("20.000")) == "20"
    with pytest.raises(ValidationError, match="three decimals"):
        QuantityField().clean("0.1255")


@pytest.mark.parametrize("typed", ["10%", "10 %", " 10\u202f% ", "%10", "10\uff05", "10\u066a"])
def test_a_percentage_is_read_with_its_sign(typed: str) -> None:
    assert PercentField().clean(typed) == Decimal(10)


@pytest.mark.parametrize("typed", ["%", "10%%", "10% off", "1%0"])
def test_other_text_beside_a_percentage_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="Enter a number"):
        PercentField().clean(typed)

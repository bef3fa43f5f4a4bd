"""Currencies: their decimal places, rounding, and formatting of amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import global_settings, settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from officeflow.formats import locale_of
from officeflow.money import (
    CURRENCIES,
    LineAmounts,
    format_money,
    format_unit_price,
    line_amounts,
    places,
    quantise,
    unit_price_of,
)

D = Decimal
LANGUAGES = [code for code, _name in settings.LANGUAGES]
currencies = st.sampled_from(sorted(CURRENCIES))
prices = st.decimals(min_value=0, max_value=10**9, places=4)
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=4)


def written(amount: str, currency: str, language: str) -> str:
    with translation.override(language):
        return format_money(D(amount), currency)


@pytest.mark.parametrize(
    ("count", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        (2, "AFN ALL COP CZK EUR GBP HUF IDR IRR LBP MGA MMK NOK SOS USD YER XXX"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
    ],
)
def test_a_currency_has_the_places_that_the_standard_gives_it(count: int, codes: str) -> None:
    assert {places(code) for code in codes.split()} == {count}


def test_currencies_in_use_today_are_offered() -> None:
    assert {"EUR", "GBP", "USD", "XOF", "ZWG"} <= CURRENCIES
    assert CURRENCIES.isdisjoint({"DEM", "HRK", "XAU", "XTS", "CLF"})
    assert all(len(code) == 3 and 0 <= places(code) <= 3 for code in CURRENCIES)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("1234.495", "GBP", "en", "£1,234.50"),
        ("-1234.5", "GBP", "en-gb", "−£1,234.50"),
        ("1234.5", "USD", "en", "$1,234.50"),
        ("1234.5", "USD", "en-gb", "US$1,234.50"),
        ("-1234.5", "CHF", "en", "−CHF\xa01,234.50"),
        ("1234567.5", "INR", "en-in", "₹12,34,567.50"),
        ("-1234.5", "EUR", "en-de", "−1.234,50\xa0€"),
        ("1234.5", "EUR", "en-fr", "1\u202f234,50\xa0€"),
        ("1234.5", "NOK", "en-no", "1\xa0234,50\xa0kr"),
        ("1234.5", "KES", "en-ke", "Ksh\xa01,234.50"),
        ("1234.5", "NOK", "nb", "1\xa0234,50\xa0kr"),
        ("-1234.5", "NOK", "nb", "−1\xa0234,50\xa0kr"),
        ("1234.5", "CZK", "cs", "1\xa0234,50\xa0Kč"),
        ("1234567.5", "CHF", "de-ch", "CHF\xa01’234’567.50"),
        ("-1234.5", "EUR", "nl", "€\xa0−1.234,50"),
        ("1234.5", "DKK", "da", "1.234,50\xa0kr."),
        ("1234.5", "BRL", "pt-br", "R$\xa01.234,50"),
        ("1234.5", "CNY", "zh-hans", "¥1,234.50"),
        ("1234.5", "VND", "vi", "1.235\xa0₫"),
        ("1234.5", "JPY", "en", "¥1,235"),
        ("1234.5678", "IQD", "en", "IQD\xa01,234.568"),
        ("1234.5", "JOD", "en", "JOD\xa01,234.500"),
        ("1234.5", "LYD", "en", "LYD\xa01,234.500"),
        ("1234.5", "OMR", "en", "OMR\xa01,234.500"),
        ("1234.5", "BIF", "en", "BIF\xa01,235"),
        ("1234.5", "DJF", "en", "DJF\xa01,235"),
        ("1234.5", "GNF", "en", "GNF\xa01,235"),
        ("1234.5", "KMF", "en", "KMF\xa01,235"),
        ("1234.5", "PYG", "en", "PYG\xa01,235"),
        ("1234.5", "RWF", "en", "RWF\xa01,235"),
        ("1234.5", "VUV", "en", "VUV\xa01,235"),
        ("1234.5", "XAF", "en", "FCFA\xa01,235"),
        ("1234.5", "XOF", "en", "F\u202fCFA\xa01,235"),
        ("1234.5", "XPF", "en", "CFPF\xa01,235"),
        ("-0.004", "EUR", "en", "€0.00"),
    ],
)
def test_an_amount_is_formatted_by_the_locale(
    amount: str, currency: str, language: str, expected: str
) -> None:
    assert written(amount, currency, language) == expected


@given(amount=amounts, currency=currencies, language=st.sampled_from(LANGUAGES))
def test_an_amount_is_written_with_all_its_digits(
    amount: Decimal, currency: str, language: str
) -> None:
    text = written(str(amount), currency, language)
    exact = quantise(amount, currency)
    digits = "".join(each for each in text if each.isdigit())
    assert digits == format(abs(exact), "f").replace(".", "")
    assert text.count("−") == (exact < 0)
    assert " " not in text  # nothing that a line may break at
    assert "-" not in text
    assert "¤" not in text


@given(amount=amounts, currency=currencies)
def test_amounts_are_rounded_to_the_currencys_places(amount: Decimal, currency: str) -> None:
    exact = quantise(amount, currency)
    assert -exact.as_tuple().exponent == places(currency)
    assert abs(exact - amount) <= D("0.5").scaleb(-places(currency))
    assert quantise(exact, currency) == exact


@given(
    quantity=st.decimals(min_value=0, max_value=10_000, places=3),
    price=st.decimals(min_value=0, max_value=10_000, places=4),
    rate=st.decimals(min_value=0, max_value=1, places=4),
    currency=currencies,
    includes_tax=st.booleans(),
)
def test_net_plus_tax_is_gross_in_every_currency(
    quantity: Decimal, price: Decimal, rate: Decimal, currency: str, includes_tax: bool
) -> None:
    line = line_amounts(
        quantity=quantity,
        unit_price=price,
        tax_rate=rate,
        currency=currency,
        includes_tax=includes_tax,
    )
    assert line == LineAmounts(net=line.net, tax=line.tax, gross=line.net + line.tax)
    for each in (line.net, line.tax, line.gross):
        assert quantise(each, currency) == each


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("en", "en"),
        ("en-gb", "en_GB"),
        ("pt-br", "pt_BR"),
        ("zh-hans", "zh_Hans"),
        ("sr-latn", "sr_Latn"),
        ("es-419", "es_419"),
        ("en-xx", "en"),
        ("udm", "en"),
    ],
)
def test_a_django_language_has_a_locale(language: str, locale: str) -> None:
    assert str(locale_of(language)) == locale


@pytest.mark.parametrize(
    "language", [code for code, _name in global_settings.LANGUAGES if code != "udm"]
)
def test_every_django_language_has_a_locale(language: str) -> None:
    assert locale_of(language).language == language.partition("-")[0]


@pytest.mark.parametrize(
    ("price", "currency", "text"),
    [
        ("0.1250", "GBP", "£0.125"),
        ("12.0000", "GBP", "£12.00"),
        ("0.5", "GBP", "£0.50"),
        ("1250.0625", "GBP", "£1,250.0625"),
        ("100", "JPY", "JP¥100"),
        ("0.7500", "JPY", "JP¥0.75"),
        ("0.1", "BHD", "BHD\u00a00.100"),
    ],
)
def test_a_unit_price_has_its_own_decimals(price: str, currency: str, text: str) -> None:
    with translation.override("en-gb"):
        assert format_unit_price(D(price), currency) == text


@given(prices, currencies)
def test_a_formatted_unit_price_is_never_rounded(price: D, currency: str) -> None:
    kept = unit_price_of(price, currency)
    assert kept == price
    assert -kept.as_tuple().exponent >= places(currency)

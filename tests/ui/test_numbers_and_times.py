"""Formatting of amounts, quantities and times by locale."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.forms import DateField
from django.template import Context, Template
from django.utils import formats, timezone, translation

from officeflow.ui import times

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def draw(source: str, **context: object) -> str:
    return Template("{% load office %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "currency", "expected"),
    [
        ("en", "GBP", "£1,234.50"),
        ("nb", "NOK", "1\xa0234,50\xa0kr"),
        ("cs", "CZK", "1\xa0234,50\xa0Kč"),
        ("en", "VND", "₫1,234"),
        ("en", "CHF", "CHF\xa01,234.50"),
    ],
)
def test_money_is_written_by_locale(language: str, currency: str, expected: str) -> None:
    with translation.override(language):
        assert draw("{{ a|money:c }}", a=Decimal("1234.4950"), c=currency) == expected


def test_a_missing_amount_is_a_dash() -> None:
    assert draw('{{ a|money:"EUR" }} {{ a|quantity }} {{ a|percent }}', a=None) == "— — —"


def test_a_quantity_drops_needless_zeros_and_keeps_its_unit() -> None:
    assert draw('{{ q|quantity:"kg" }}', q=Decimal("2.500")) == "2.5\xa0kg"
    assert draw("{{ q|quantity }}", q=Decimal("3.000")) == "3"


def test_a_rate_is_a_percentage() -> None:
    assert draw("{{ r|percent }}", r=Decimal("0.2000")) == "20%"
    assert draw("{{ r|percent }}", r=Decimal("0.0550")) == "5.5%"
    assert draw("{{ n|of_hundred }}", n=Decimal("10.00")) == "10%"
    with translation.override("de"):
        assert draw("{{ r|percent }}", r=Decimal("0.0550")) == "5,5\xa0%"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1, hours=2), "1 day ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "Oct 22, 2026"),
        (-timedelta(minutes=20), "in 20 min"),
    ],
)
def test_a_time_is_told_from_now(before: timedelta, words: str) -> None:
    assert times.in_words(NOON - before, NOON) == words


@pytest.mark.parametrize("seconds", [44, 45, 59, 89, 3569, 3571, 3599, 86399])
def test_a_time_never_rounds_up_to_sixty_minutes_or_a_full_day_of_hours(seconds: int) -> None:
    words = times.in_words(NOON - timedelta(seconds=seconds), NOON)
    assert not words.startswith(("60 min", "24 h", "0 "))


def test_a_time_element_holds_the_moment_and_its_full_form_in_the_offices_zone() -> None:
    with timezone.override("Asia/Kolkata"):
        html = draw("{{ at|ago }}", at=NOON)
        assert 'datetime="2026-11-21T12:00:00+00:00"' in html
        assert 'title="Nov 21, 2026, 5:30 p.m."' in html


def test_a_time_today_leaves_the_date_out() -> None:
    assert times.short(NOON, NOON + timedelta(hours=1)) == "12:00 p.m."
    assert times.short(NOON, NOON + timedelta(days=2)) == "11/21/2026 12:00 p.m."
    assert times.dated(NOON) == "11/21/2026 12:00 p.m."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0045, "4 ms"),
        (0.85, "850 ms"),
        (4.25, "4.2 s"),
        (9.97, "10 s"),
        (250, "4 min 10 s"),
        (3600, "1 h"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_duration_names_its_two_largest_units(seconds: float, words: str) -> None:
    assert draw("{{ s|clock }}", s=seconds) == words


@pytest.mark.parametrize(
    ("template", "figure", "from_the_right"),
    [
        ("{{ x|percent }}", "20%", "20%"),
        ("{{ x|money:'GBP' }}", "£0.20", "\u200f0.20\xa0\u200f£"),
        ("{{ x|clock }}", "200 ms", "200 ms"),
    ],
)
def test_a_figure_keeps_its_order_where_one_reads_from_the_right(
    template: str, figure: str, from_the_right: str
) -> None:
    assert draw(template, x=Decimal("0.2")) == figure
    with translation.override("he"):
        assert draw(template, x=Decimal("0.2")) == f"\u2068{from_the_right}\u2069"


def test_only_a_time_of_today_has_no_date() -> None:
    steps = [{"at": NOON - timedelta(days=1)}, {"at": NOON - timedelta(hours=20)}, {"at": NOON}]
    with time_machine.travel(NOON):
        html = draw(
            "{% include 'components/receipts.html' %}", receipts=[{"label": "HR", "steps": steps}]
        )
    assert re.findall("<time[^>]+>([^<]+)", html) == [
        "11/20/2026 12:00 p.m.",
        "11/20/2026 4:00 p.m.",
        "12:00 p.m.",
    ]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_full_hour_is_written_with_its_minutes_in_every_language(language: str) -> None:
    with translation.override(language):
        assert re.match(r"12[:.]00", formats.time_format(time(12), "TIME_FORMAT"))
        assert re.search(
            r"10[:.]00",
            formats.date_format(datetime(2026, 11, 22, 10, tzinfo=UTC), "DATETIME_FORMAT"),
        )


@pytest.mark.parametrize(
    ("language", "short", "long", "quantity"),
    [
        ("en", "03/02/2026 5:30 p.m.", "Mar 2, 2026, 5:30 p.m.", "1,234.5"),
        ("en-gb", "02/03/2026 17:30", "2 Mar 2026, 17:30", "1,234.5"),
        ("en-de", "02/03/2026 17:30", "2 Mar 2026, 17:30", "1.234,5"),
        ("en-fr", "02/03/2026 17:30", "2 Mar 2026, 17:30", "1\u202f234,5"),
        ("en-ch", "02.03.2026 17:30", "2 Mar 2026, 17:30", "1’234.5"),
        ("en-se", "2026-03-02 17:30", "2 Mar 2026, 17:30", "1\xa0234,5"),
        ("en-in", "02/03/2026 5:30 p.m.", "2 Mar 2026, 5:30 p.m.", "1,234.5"),
    ],
)
def test_english_is_written_as_its_region_writes(
    language: str, short: str, long: str, quantity: str
) -> None:
    at = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    with translation.override(language):
        assert formats.date_format(at, "SHORT_DATETIME_FORMAT") == short
        assert formats.date_format(at, "DATETIME_FORMAT") == long
        assert draw("{{ q|quantity }}", q=Decimal("1234.5")) == quantity


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_short_date_is_read_back_in_every_language(language: str) -> None:
    day = date(2026, 3, 12)
    with translation.override(language):
        assert DateField().clean(formats.date_format(day, "SHORT_DATE_FORMAT")) == day

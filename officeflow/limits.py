"""The limits of everything that is entered: lengths of texts, ranges of numbers and dates.

Forms, the API, imports and contracts use these, so that nothing that was accepted can fail later.
A text that grows when it is normalised for comparison is cut to its column.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

# Characters.
CODE = 40  # of a product, a site's or a rate's code, an order's number in another program
LABEL = 60
PHONE = 40
NAME = 200
EMAIL = 254  # RFC 3696, erratum 1690
WEBSITE = 200
PASSWORD = 128
PERSON = 150  # a full name
USER_NAME = 60  # as long as the reference numbers and names in the audit trail
ADDRESS = 1000
REASON = 2000
NOTE = 4000
TEXT = 10_000

# Numbers. Amounts have at most four decimals, quantities three.
AMOUNT = Decimal("99999999999999.9999")
QUANTITY = Decimal("99999999.999")
COUNT = 2_147_483_647  # of the database's integers

# Dates. PostgreSQL and Python have others, but a day before or after these is a typing error.
FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(2199, 12, 31)
AHEAD = timedelta(days=5 * 366)  # a day that somebody plans


def within(day: date) -> date:
    """Returns the day, or the nearest one between the first and the last."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def is_moment(at: datetime, zone: tzinfo = UTC) -> bool:
    """Returns whether the day of a moment is in bounds in UTC, as it is stored, and in a zone."""
    try:
        return all(FIRST_DAY <= at.astimezone(each).date() <= LAST_DAY for each in (UTC, zone))
    except OverflowError:
        return False

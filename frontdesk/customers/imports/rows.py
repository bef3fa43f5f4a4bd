"""The rows of a file of customers, with their values checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.customers.actions.customers import (
    checked_email,
    checked_name,
    checked_phone,
)
from officeflow.company.queries import get_office
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
)
from officeflow.numbering import normalise
from officeflow.text import name_key

T = TypeVar("T")
FIELDS = ("name", "phone", "email", "wants_mail", "address", "note", "is_active")
FIELD_WORDS = {
    "name": gettext_lazy("name"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail"),
    "wants_mail": gettext_lazy("gets e-mail"),
    "address": gettext_lazy("address"),
    "note": gettext_lazy("note"),
    "is_active": gettext_lazy("active"),
}


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """The checked values of a row; `values` leaves out empty cells."""

    number: str
    values: dict[str, Any]
    other_number: str = ""
    contact: str = ""
    phone_key: str = ""
    email_key: str = ""
    name_key: str = ""
    # Said to be another person than an existing customer with the same phone or e-mail.
    is_another: bool = False


def customer_row(row: FileRow, time_zone: str) -> CustomerRow:
    """Returns a row's checked values. Raises `Refused` with all faults of the row.

    `time_zone` decides the country of phone numbers without a prefix.
    """
    faults: list[str] = []

    def checked(check: Callable[[], T], otherwise: T) -> T:
        try:
            return check()
        except Refused as refused:
            faults.append(str(refused.message))
            return otherwise

    nothing = ("", "")
    name = checked(lambda: checked_name(cells.text(row["Name"])), "")
    phone, its_phone_key = checked(
        lambda: checked_phone(cells.text(row["Phone"]), time_zone=time_zone), nothing
    )
    email, its_email_key = checked(lambda: checked_email(cells.text(row["E-mail"])), nothing)
    number = checked(lambda: _number(cells.text(row["Number"])), "")
    yes_or_no = {
        column: checked(partial(cells.yes_or_no, row[column], column), None)
        for column in ("Gets e-mail", "Active", "Another person")
    }
    if faults:
        raise Refused(" ".join(faults))
    given = {
        "name": name,
        "phone": phone,
        "email": email,
        "address": cells.text(row["Address"]),
        "note": cells.text(row["Note"]),
        "wants_mail": yes_or_no["Gets e-mail"],
        "is_active": yes_or_no["Active"],
    }
    return CustomerRow(
        number=number,
        other_number=cells.text(row["Other number"])[:100],
        contact=" ".join(cells.text(row["Contact"]).split())[:200],
        values={key: value for key, value in given.items() if value not in (None, "")},
        phone_key=its_phone_key,
        email_key=its_email_key,
        name_key=name_key(name)[:200],
        is_another=bool(yes_or_no["Another person"]),
    )


def _number(text: str) -> str:
    if not text:
        return ""
    number = normalise(text)
    if not number.startswith("CU-"):
        raise Refused(
            _(
                "“%(number)s” is not a customer number of this office. Leave it empty to add a "
                "customer."
            )
            % {"number": text[:40]}
        )
    return number


def read_rows(units: Sequence[FileUnit]) -> list[CustomerRow | Refused]:
    """Returns the checked values of each unit's row, or why it is refused."""
    time_zone = get_office().time_zone
    read: list[CustomerRow | Refused] = []
    for unit in units:
        try:
            read.append(customer_row(unit.rows[0], time_zone))
        except Refused as refused:
            read.append(refused)
    return read


def valid_rows(read: Iterable[CustomerRow | Refused]) -> list[CustomerRow]:
    """Returns the rows that were not refused."""
    return [each for each in read if isinstance(each, CustomerRow)]

"""The rows of a file of customers, with their values checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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

EMAIL_PATTERN = r"[^@\s]+@[^@\s]+\.[^@\s]+"
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
    """Returns a row's checked values. Raises `Refused`.

    `time_zone` decides the country of phone numbers without a prefix.
    """
    name = checked_name(cells.text(row["Name"]))
    phone, its_phone_key = checked_phone(cells.text(row["Phone"]), time_zone=time_zone)
    email, its_email_key = checked_email(cells.text(row["E-mail"]))
    given = {
        "name": name,
        "phone": phone,
        "email": email,
        "address": cells.text(row["Address"]),
        "note": cells.text(row["Note"]),
        "wants_mail": cells.yes_or_no(row["Gets e-mail"], "Gets e-mail"),
        "is_active": cells.yes_or_no(row["Active"], "Active"),
    }
    return CustomerRow(
        number=_number(cells.text(row["Number"])),
        other_number=cells.text(row["Other number"])[:100],
        contact=" ".join(cells.text(row["Contact"]).split())[:200],
        values={key: value for key, value in given.items() if value not in (None, "")},
        phone_key=its_phone_key,
        email_key=its_email_key,
        name_key=name_key(name)[:200],
        is_another=bool(cells.yes_or_no(row["Another person"], "Another person")),
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

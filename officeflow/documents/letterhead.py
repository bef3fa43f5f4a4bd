"""The letterhead of a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from officeflow.company.models import Office


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The office as a document names it on the day of issue; empty fields are left out."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    tax_number: str = ""
    # Shown at the end of documents, such as a bank account.
    note: str = ""

    @property
    def contact(self) -> list[str]:
        """The contact details that are not empty."""
        return [each for each in (self.phone, self.email, self.website) if each]


def letterhead_of(office: Office, address: str) -> Letterhead:
    """Returns the letterhead of the office as it is now, with a site's address."""
    return Letterhead(
        name=office.name,
        address=address,
        phone=office.phone,
        email=office.email,
        website=office.website,
        tax_number=office.tax_number,
        note=office.document_note,
    )

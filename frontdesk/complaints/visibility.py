"""What the front desk may know of a complaint, the same for pages, API, exports and the trail.

Of a sealed one it knows number, customer, date and state. The words for the customer are shown on
the page on which the customer is told, and nowhere else; they are deleted once that was done and
can no longer be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from frontdesk.complaints.models import Complaint, ComplaintCategory
from officeflow.audit.models import Realm

T = TypeVar("T")

# The fields of a complaint that are HR's alone when it is sealed.
SEALED_FIELDS = (
    "severity",
    "order",
    "product",
    "description",
    "desired_outcome",
    "outcome",
    "message",
    "resolved_at",
    "resolved_by_name",
    "logged_by",
)


def unless_sealed(read: Callable[[Complaint], T]) -> Callable[[Complaint], T | None]:
    """Returns a function that reads a value, or returns None for a sealed complaint."""
    return lambda complaint: None if complaint.is_sealed else read(complaint)


def realm_of_author(category: str) -> Realm:
    """Returns the part of the trail for what a person does while they log such a complaint.

    Who added its customer would tell who logged it.
    """
    return Realm.HR if category == ComplaintCategory.CONDUCT else Realm.OFFICE


def realm_of(complaint: Complaint) -> Realm:
    """Returns the part of the audit trail for a complaint's entries: of a sealed one, HR's."""
    return Realm.HR if complaint.is_sealed else Realm.OFFICE

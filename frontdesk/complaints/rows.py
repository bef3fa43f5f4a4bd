"""What the list of complaints shows of each complaint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from frontdesk.complaints.models import Complaint, ComplaintCategory
from officeflow.handoff.contract_labels import Severity
from officeflow.ui.templatetags.office import status_badge, when

SAMPLE = "CP-000000"  # in an address, in the place of a complaint's number


def rows_of(complaints: Iterable[Complaint]) -> list[dict[str, Any]]:
    """Returns the values of each row, so that the template of many rows only writes them."""
    address = reverse("frontdesk:complaint", args=[SAMPLE])
    return [
        {
            "number": complaint.number,
            "url": address.replace(SAMPLE, complaint.number),
            "customer": complaint.customer.name if complaint.customer else "",
            "logged": when(complaint.logged_at),
            "is_sealed": complaint.is_sealed,
            "category": ComplaintCategory(complaint.category).label,
            "order": complaint.order.number if complaint.order else "",
            "severity": Severity(complaint.severity).label,
            "state": status_badge(complaint, "state"),
        }
        for complaint in complaints
    ]

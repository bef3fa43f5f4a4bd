"""Registers fulfilment's record kinds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind


def register_all() -> None:
    """Registers the shipment, which has its order's number and is shown on the order's page."""
    register_record_kind(
        RecordKind(
            code="shipment",
            label=_("Shipments"),
            url_name="frontdesk:order",
            permission=Permission.VIEW_DESK,
        )
    )

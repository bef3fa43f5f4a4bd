"""The company's record kinds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind


def register_all() -> None:
    """Registers them."""
    register_record_kind(
        RecordKind(
            code="office",
            label=_("The office"),
            url_name="company:settings",
            url_argument="",
            permission=Permission.MANAGE_OFFICE,
        )
    )
    register_record_kind(RecordKind(code="site", label=_("Sites")))

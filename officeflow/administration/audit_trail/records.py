"""Where the records that the trail names can be seen, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from officeflow.permissions import Department, Permission, view_permission
from officeflow.staff.models import User

P = Permission


@dataclass(frozen=True)
class Place:
    """The page of a kind of record; `argument` is its name in the address, empty for none."""

    url_name: str
    permission: Permission
    argument: str = "number"


PLACES: dict[str, Place] = {
    "order": Place("frontdesk:order", P.VIEW_DESK),
    "complaint": Place("frontdesk:complaint", P.VIEW_DESK),
    "customer": Place("frontdesk:customer", P.VIEW_DESK),
    "shipment": Place("frontdesk:order", P.VIEW_DESK),
    "invoice": Place("accounting:invoice", P.VIEW_BOOKS),
    "commission": Place("hr:commissions", P.VIEW_COMMISSIONS, ""),
    "commission_rate": Place("hr:commission-rates", P.VIEW_COMMISSIONS, ""),
    "product": Place("catalogue:product", P.VIEW_CATALOGUE, "sku"),
    "tax_rate": Place("catalogue:tax", P.MANAGE_CATALOGUE, ""),
    "staff": Place("staff:person", P.MANAGE_STAFF, "username"),
    "office": Place("company:settings", P.MANAGE_OFFICE, ""),
    "handoff": Place("dashboards:handoff", P.VIEW_DASHBOARDS, "pk"),
    "import": Place("imports:file", P.IMPORT_PRODUCTS),
    "message": Place("mail:message", P.VIEW_DESK),
    "message_text": Place("mail:wording", P.MANAGE_OFFICE, "event"),
    "ticket": Place("tickets:ticket", P.VIEW_MANAGEMENT),
}


def address_of(user: User, kind: str, subject: str, *, is_hrs: bool) -> str:
    """The address of a record's page; empty when there is none, or not for this person."""
    place = PLACES.get(kind)
    if place is None or not _may_see(user, kind, place, is_hrs=is_hrs):
        return ""
    try:
        return reverse(place.url_name, kwargs={place.argument: subject} if place.argument else {})
    except NoReverseMatch:
        return ""


def _may_see(user: User, kind: str, place: Place, *, is_hrs: bool) -> bool:
    if kind != "ticket":
        return user.may(place.permission)
    # An entry does not tell a ticket's department: the link is for whoever may see any of them.
    if is_hrs:
        return user.may(P.VIEW_HR)
    return all(user.may(view_permission(each)) for each in Department if each != Department.HR)

"""The home page of each role."""

from __future__ import annotations

from django.urls import reverse

from officeflow.permissions import Department, Role
from officeflow.staff.models import User

# A person with several roles gets the page of the first of these.
HOME_URLS: dict[Role, tuple[str, dict[str, str]]] = {
    Role.RECEPTIONIST: ("frontdesk:counter", {}),
    Role.FULFILMENT: ("tickets:queue", {"department": Department.FULFILMENT.value}),
    Role.WAREHOUSE: ("tickets:queue", {"department": Department.WAREHOUSE.value}),
    Role.ACCOUNTANT: ("accounting:invoices", {}),
    Role.HR: ("tickets:queue", {"department": Department.HR.value}),
    Role.MANAGER: ("dashboards:handoffs", {}),
    Role.ADMINISTRATOR: ("administration:index", {}),
}


def home_url(user: User) -> str:
    """Returns the URL of a person's home page; empty while they hold no role."""
    for role, (name, kwargs) in HOME_URLS.items():
        if role in user.roles:
            return reverse(name, kwargs=kwargs)
    return ""

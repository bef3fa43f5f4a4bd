"""The export of people."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from officeflow.staff.models import User
from officeflow.staff.queries import open_grants
from officeflow.ui.export import ExportColumn, in_chunks

ORDER = ("full_name", "pk")


def _roles(user: User) -> str:
    """Returns the current and future roles, each with the date on which it ends, if any."""
    texts = []
    for grant in user.open_grants:  # type: ignore[attr-defined]  # prefetched under this name
        until = f" ({grant.valid_until:%Y-%m-%d})" if grant.valid_until else ""
        texts.append(f"{grant.get_role_display()}{until}")
    return ", ".join(texts)


PEOPLE: tuple[ExportColumn[User], ...] = (
    ExportColumn(_("Name"), lambda user: user.full_name, 28),
    ExportColumn(_("User name"), lambda user: user.username, 18),
    ExportColumn(_("E-mail"), lambda user: user.email, 30),
    ExportColumn(_("Roles"), _roles, 40),
    ExportColumn(_("Can sign in"), lambda user: user.is_active, 12),
    ExportColumn(_("Since"), lambda user: user.date_joined, 20),
)


def rows() -> Iterator[User]:
    """Yields everybody by name."""
    grants = Prefetch("grants", queryset=open_grants(), to_attr="open_grants")
    return in_chunks(User.objects.prefetch_related(grants), ORDER)

"""Reading who works here, and what they may do until when."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from officeflow.staff.models import RoleGrant, User

PAGE_SIZE = 50


def open_grants() -> QuerySet[RoleGrant]:
    """Grants in force now or still to begin, in the order in which they begin."""
    return RoleGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.now())
    ).order_by("valid_from", "pk")


def people(*, after: str = "", size: int = PAGE_SIZE) -> tuple[Sequence[User], str]:
    """One page of everybody by name, each with `open_grants`, and who the next page follows.

    `after` and the answer's second part are user names; the latter is empty on the last page.
    """
    rows = User.objects.order_by("full_name", "pk").prefetch_related(
        Prefetch("grants", queryset=open_grants(), to_attr="open_grants")
    )
    last = User.objects.filter(username=after).first() if after else None
    if last is not None:
        rows = rows.filter(
            Q(full_name__gt=last.full_name) | Q(full_name=last.full_name, pk__gt=last.pk)
        )
    page = list(rows[: size + 1])
    return page[:size], page[size - 1].username if len(page) > size else ""


def ended_grants(user: User) -> QuerySet[RoleGrant]:
    """The roles a person held once, the latest first."""
    return (
        RoleGrant.objects.of(user)
        .filter(valid_until__lte=timezone.now())
        .select_related("granted_by")
        .order_by("-valid_until", "-pk")
    )

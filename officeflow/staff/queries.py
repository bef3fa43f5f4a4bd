"""Reading who works here, and what they may do until when."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from officeflow.permissions import Permission
from officeflow.staff.models import Invitation, RoleGrant, User
from officeflow.staff.tokens import hash_of

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


def pending_invitations() -> QuerySet[Invitation]:
    """Invitations that nobody has accepted or taken back, the latest first."""
    return Invitation.objects.open().select_related("made_by").order_by("-made_at", "-pk")


def find_invitation(token: str) -> Invitation | None:
    """The invitation that a link's secret opens now; None when it opens none."""
    usable = Invitation.objects.usable().select_related("made_by")
    found = usable.filter(token_hash=hash_of(token)).first()
    if found is None or not found.made_by.may(Permission.MANAGE_STAFF):
        return None
    return found


def propose_username(key: str) -> str:
    """A user name that nobody has yet, from the first word of a folded name."""
    stem = "".join(char for char in key.split(" ")[0] if char.isalnum())[:30] or "colleague"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    tries = (stem if n == 1 else f"{stem}{n}" for n in range(1, len(taken) + 2))
    return next(each for each in tries if each not in taken)

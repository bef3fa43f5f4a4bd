"""Reading people, their roles and invitations."""

from __future__ import annotations

from functools import cache
from hmac import compare_digest

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS

from officeflow.permissions import Permission, Role
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.staff.models import Invitation, RoleGrant, User
from officeflow.staff.tokens import hash_of

PEOPLE_ORDER = ("full_name", "pk")


def open_grants() -> QuerySet[RoleGrant]:
    """Returns current and future grants, by their beginning."""
    return RoleGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.now())
    ).order_by("valid_from", "pk")


def people() -> QuerySet[User]:
    """Returns everybody by name, each with `open_grants`."""
    return User.objects.order_by(*PEOPLE_ORDER).prefetch_related(
        Prefetch("grants", queryset=open_grants(), to_attr="open_grants")
    )


def ended_grants(user: User) -> QuerySet[RoleGrant]:
    """Returns the ended grants of a person, the latest first."""
    return (
        RoleGrant.objects.of(user)
        .filter(valid_until__lte=timezone.now())
        .select_related("granted_by")
        .order_by("-valid_until", "-pk")
    )


def pending_invitations() -> QuerySet[Invitation]:
    """Returns the invitations that are not accepted or withdrawn, the latest first."""
    return Invitation.objects.open().select_related("made_by").order_by("-made_at", "-pk")


def find_invitation(token: str) -> Invitation | None:
    """Returns the invitation with this token, if it can be accepted; else None."""
    usable = Invitation.objects.usable().select_related("made_by")
    found = usable.filter(token_hash=hash_of(token)).first()
    if found is None or not found.made_by.may(Permission.MANAGE_STAFF):
        return None
    return found


def propose_username(key: str) -> str:
    """Returns a free user name made of the first word of `key`, a folded name."""
    stem = "".join(char for char in key.split(" ")[0] if char.isalnum())[:30] or "colleague"
    similar = User.objects.filter(username_key__startswith=stem)
    taken = set(similar.values_list("username_key", flat=True))
    tries = (stem if n == 1 else f"{stem}{n}" for n in range(1, len(taken) + 2))
    return next(each for each in tries if each not in taken)


def find_token(secret: str) -> AuthToken | None:
    """Returns the API token with this secret, with its person and their roles in the same query.

    None for an unknown token and for one that has expired.
    """
    now = timezone.now()
    key = secret[: CONSTANTS.TOKEN_KEY_LENGTH]
    for columns in read_rows(_tokens(), [now, now, key, now]):
        row = list(columns)
        roles = row.pop(len(AuthToken._meta.concrete_fields))  # they follow the token's own
        token: AuthToken
        token, token.user = records_of(row, AuthToken, User)
        if compare_digest(hash_token(secret), token.digest):
            if token.user.is_active:
                token.user.roles = frozenset(map(Role, roles))
            return token
    return None


@cache
def _tokens() -> str:
    """Returns the SQL of the tokens with a key: the moment twice, the key, the moment."""
    now = timezone.now()
    roles = RoleGrant.objects.valid(now).filter(user=OuterRef("user")).values("role")
    rows = AuthToken.objects.filter(token_key="").filter(Q(expiry=None) | Q(expiry__gt=now))
    return sql_of(rows.select_related("user").annotate(valid_roles=ArraySubquery(roles)))

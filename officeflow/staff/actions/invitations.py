"""Writes of invitations, with which colleagues create their own accounts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.permissions import Permission, Role
from officeflow.staff.actions.people import add_person, check_details
from officeflow.staff.models import Invitation, User
from officeflow.staff.tokens import hash_of, new_token

INVITATION_LIFETIME = timedelta(days=7)
# Without letters and digits that look alike, because people read codes from a list.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class InvitationClosed(Conflict):
    """The invitation was accepted or withdrawn, or has expired."""

    def __init__(self) -> None:
        super().__init__(_("This invitation no longer works. Ask for a new one."))


@dataclass(frozen=True)
class IssuedInvitation:
    """An invitation with its token, which is not stored."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite(*, actor: User, full_name: str, roles: list[Role], email: str = "") -> IssuedInvitation:
    """Invites a person with these roles; the link works for a week. Raises `Refused`."""
    details = check_details(full_name=full_name, email=email)
    if not roles:
        raise Refused(_("Choose at least one role."), "roles")
    token, now = new_token(), timezone.now()
    invitation = Invitation.objects.create(
        code="".join(secrets.choice(ALPHABET) for _place in range(8)),
        roles=[role.value for role in roles],
        token_hash=hash_of(token),
        made_by=actor,
        made_at=now,
        expires_at=now + INVITATION_LIFETIME,
        **details,
    )
    record(
        actor=actor,
        action="invite",
        subject_kind="invitation",
        subject=invitation.code,
        changes={"roles": (None, ", ".join(invitation.roles))},
        personal=["full_name", "email"],
    )
    return IssuedInvitation(invitation, token)


@transaction.atomic
def invite_again(*, actor: User, invitation: Invitation) -> IssuedInvitation:
    """Gives an invitation a new link for another week; the former link no longer works.

    Raises `InvitationClosed` for an invitation that was accepted or withdrawn.
    """
    token, now = new_token(), timezone.now()
    renewed = (
        Invitation.objects.open()
        .filter(pk=invitation.pk)
        .update(
            token_hash=hash_of(token),
            made_by=actor,
            expires_at=now + INVITATION_LIFETIME,
            version=F("version") + 1,
        )
    )
    if not renewed:
        raise InvitationClosed
    record(actor=actor, action="invite_again", subject_kind="invitation", subject=invitation.code)
    invitation.refresh_from_db()
    return IssuedInvitation(invitation, token)


@transaction.atomic
def revoke_invitation(*, actor: User, invitation: Invitation) -> None:
    """Withdraws an invitation. Raises `InvitationClosed` when it was accepted or withdrawn."""
    if not Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        raise InvitationClosed
    record(
        actor=actor, action="revoke_invitation", subject_kind="invitation", subject=invitation.code
    )


@transaction.atomic
def accept_invitation(*, token: str, username: str, full_name: str, password: str) -> User:
    """Creates the account of an invited person, with the roles of the invitation.

    The link works once. Raises `InvitationClosed` when it was used, also by a concurrent call, has
    expired, or the inviter may no longer invite; and `Refused` as `add_person` does.
    """
    invitation = Invitation.objects.usable().filter(token_hash=hash_of(token)).first()
    if invitation is None or not invitation.made_by.may(Permission.MANAGE_STAFF):
        raise InvitationClosed
    now = timezone.now()
    # By the token again, because a new link may have been made since.
    current = Invitation.objects.usable().filter(pk=invitation.pk, token_hash=hash_of(token))
    if not current.update(accepted_at=now):
        raise InvitationClosed
    user = add_person(
        actor=invitation.made_by,
        username=username,
        full_name=full_name,
        email=invitation.email,
        password=password,
        roles=[Role(role) for role in invitation.roles],
    )
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    record(
        actor=user,
        action="accept_invitation",
        subject_kind="invitation",
        subject=invitation.code,
        changes={"username": (None, user.username)},
    )
    return user

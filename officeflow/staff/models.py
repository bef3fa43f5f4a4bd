"""People, their roles and invitations, and presence."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.audit.actions import record
from officeflow.permissions import ROLE_PERMISSIONS, Department, Permission, Role
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.staff.user_names import one_alphabet, user_name_key


class UserManager(BaseUserManager["User"]):
    """Creates people. Superusers may open the technical admin, and get no other permission."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Creates a person, who cannot sign in without a password."""
        name = self.model.normalize_username(username)
        user = self.model(username=name, username_key=user_name_key(name), **fields)
        user.set_password(password)
        # A first password is no change: see `passwords.EndsTokens`.
        user._password = None  # type: ignore[attr-defined]
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Creates a person who may open the technical admin, which the audit trail says."""
        with transaction.atomic():
            user = self.create_user(
                username, password, **{"is_staff": True, "is_superuser": True, **fields}
            )
            record(
                actor=None,
                action="add_superuser",
                subject_kind="staff",
                subject=user.username,
                personal=["full_name", "email"],
            )
        return user

    def get(self, *args: Any, **conditions: Any) -> User:
        """Returns one person; by `pk` alone, as each request does, by SQL that is made once."""
        is_of_all = type(self) is UserManager  # and not one of a group's people
        if args or conditions.keys() != {"pk"} or not is_of_all:
            return super().get(*args, **conditions)
        for row in read_rows(_person(), [conditions["pk"]]):
            person: User = records_of(row, self.model)[0]
            return person
        raise self.model.DoesNotExist

    def named(self, *names: str) -> models.QuerySet[User]:
        """Returns the people with these user names, in whatever case and width they are typed."""
        typed = [self.model.normalize_username(name.strip()) for name in names]
        keys = [user_name_key(name) for name in names]
        return self.filter(Q(username__in=typed) | Q(username_key__in=keys))

    def best_named(self, *names: str) -> list[User]:
        """Returns the person of each name, each once: the exact name comes before the others."""
        people = list(self.named(*names))
        by_name = {each.username: each for each in people}
        by_key = {each.username_key: each for each in people if each.username_key}
        found = (
            by_name.get(self.model.normalize_username(name.strip()))
            or by_key.get(user_name_key(name))
            for name in names
        )
        return list(dict.fromkeys(person for person in found if person is not None))

    def get_by_natural_key(self, username: str | None) -> User:
        """Returns the person who signs in with this name. Raises `User.DoesNotExist`."""
        found = self.best_named(username or "")
        if not found:
            raise self.model.DoesNotExist
        return found[0]

    def that_look_like(self, name: str) -> list[User]:
        """Returns everybody whose name differs from this one in case or width only, by name."""
        key = user_name_key(name)
        # An account from before there were keys may have none.
        possible = self.filter(Q(username_key=key) | Q(username_key__isnull=True))
        alike = [each for each in possible if user_name_key(each.username) == key]
        return sorted(alike, key=lambda each: each.username)

    def holding(self, permission: Permission, at: datetime | None = None) -> models.QuerySet[User]:
        """Returns the active people who hold `permission` at `at`, by default now."""
        roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
        grants = RoleGrant.objects.valid(at).filter(role__in=roles)
        return self.filter(is_active=True, pk__in=grants.values("user_id"))

    def will_hold(self, user: User, permission: Permission) -> bool:
        """Returns whether a grant gives `user` the permission now or later, once they are active.

        A deactivated account and a grant that begins later count: both come to life by themselves
        or by one click.
        """
        roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
        not_over = Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.now())
        return RoleGrant.objects.of(user).filter(not_over, role__in=roles).exists()


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account."""

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[
            UnicodeUsernameValidator(),
            one_alphabet,
            MaxLengthValidator(limits.USER_NAME),
        ],
        error_messages={"unique": _("Somebody already has this user name. Choose another one.")},
    )
    # Null for an account from before there were keys whose name differs from an earlier one's in
    # case or width only.
    username_key = models.CharField(
        max_length=450, unique=True, null=True, blank=True, editable=False
    )
    full_name = models.CharField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the technical admin"), default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    # Part of the session's hash: increasing it ends every session of this person.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    # A colleague set the password, so that its owner must choose their own at the next sign-in.
    must_change_password = models.BooleanField(default=False, db_default=False, editable=False)
    # Until when a password that a colleague set can be used.
    one_time_until = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Returns the full name."""
        return self.full_name

    def get_short_name(self) -> str:
        """Returns the first word of the name."""
        return self.full_name.split(" ")[0] if self.full_name else self.username

    def get_session_auth_hash(self) -> str:
        """Returns a hash of the password and `session_epoch`; sessions end when it changes."""
        return salted_hmac(
            "officeflow.staff.session", f"{self.password}{self.session_epoch}", algorithm="sha256"
        ).hexdigest()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Returns the hash with another secret key (`SECRET_KEY_FALLBACKS`)."""
        return salted_hmac(
            "officeflow.staff.session",
            f"{self.password}{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles valid now, read once for each instance."""
        if not self.is_active:
            return frozenset()
        now = timezone.now()
        return frozenset(Role(role) for (role,) in read_rows(_roles(), [now, now, self.pk]))

    @cached_property
    def held_permissions(self) -> frozenset[Permission]:
        """The permissions of the valid roles. `is_superuser` adds none."""
        held: set[Permission] = set()
        for role in self.roles:
            held |= ROLE_PERMISSIONS[role]
        return frozenset(held)

    def may(self, permission: Permission | str) -> bool:
        """Returns whether this person's valid roles have the permission."""
        return Permission(permission) in self.held_permissions

    @property
    def one_time_expired(self) -> bool:
        """Whether a colleague set the password, and its time is over."""
        until = self.one_time_until
        return self.must_change_password and until is not None and until <= timezone.now()

    def departments(self) -> list[Department]:
        """Returns the departments whose queues this person may see."""
        return [d for d in Department if Permission(f"view:{d.value}") in self.held_permissions]


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Grants by person and by time."""

    def valid(self, at: datetime | None = None) -> RoleGrantQuerySet:
        """The grants valid at `at`, by default now: `valid_from` inclusive, `valid_until` not."""
        moment = at or timezone.now()
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=moment), valid_from__lte=moment
        )

    def of(self, user: User) -> RoleGrantQuerySet:
        """The grants of one person."""
        return self.filter(user=user)


class RoleGrant(models.Model):
    """A role granted to a person, permanently or until `valid_until`."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    valid_from = models.DateTimeField(_("from"), default=timezone.now)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="grants_given"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="grant_ends_after_it_begins",
            )
        ]
        indexes = [models.Index(fields=["user", "valid_from"], name="grant_by_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"

    @property
    def begins_later(self) -> bool:
        """Whether the grant is not valid yet."""
        return self.valid_from > timezone.now()


@cache
def _person() -> str:
    """Returns the SQL of the person with a key."""
    return sql_of(User.objects.filter(pk=0))


@cache
def _roles() -> str:
    """Returns the SQL of the valid roles of a person: the moment twice, the person's key."""
    return sql_of(RoleGrant.objects.valid().filter(user=0).values("role"))


class Presence(models.Model):
    """A person has the page of a record open; see `officeflow.staff.presence`."""

    pk = models.CompositePrimaryKey("kind", "number", "user_id")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.number}"


class UserSession(models.Model):
    """A browser in which a person signed in; the session itself is Django's, of the same key."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="browser_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.browser}"


class AccountNotice(models.Model):
    """What a colleague did to a person's sign-in, shown until the person confirms it."""

    class Kind(models.TextChoices):
        """What the colleague did."""

        RESET_LINK = "reset_link", _("made a link with which your password can be changed")
        PASSWORD = "password", _("set a new password for you")
        SECOND_FACTOR = "factor_reset", _("removed your second factor")
        EMAIL = "email", _("changed your e-mail address")
        REACTIVATED = "reactivated", _("reactivated your account")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class AttemptCount(models.Model):
    """Attempts on a page that needs no sign-in, until `ends_at`; see `staff.rate_limit`."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by whether they can be accepted."""

    def open(self) -> InvitationQuerySet:
        """The invitations that are neither accepted nor withdrawn, though perhaps expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def usable(self) -> InvitationQuerySet:
        """The open invitations that are not expired."""
        return self.open().filter(expires_at__gt=timezone.now(), made_by__is_active=True)


class Invitation(models.Model):
    """An invitation of a colleague: a link that works once, of which only the hash is stored."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    full_name = models.CharField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_made")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="invitation"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.full_name}"

    @property
    def is_expired(self) -> bool:
        """Whether the link has expired."""
        return self.expires_at <= timezone.now()

    @property
    def role_labels(self) -> list[str]:
        """The labels of the roles."""
        return [str(Role(role).label) for role in self.roles]

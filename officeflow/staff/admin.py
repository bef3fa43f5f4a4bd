"""The technical admin: it shows locked accounts, sign-ins and API tokens, and changes little.

A token can be ended and a lockout lifted, by the actions that write the audit trail. Nothing can be
added, because a token that one person makes for another is that person's identity.
"""

from __future__ import annotations

from typing import cast

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from officeflow.staff import actions
from officeflow.staff.models import User


class ReadOnly(admin.ModelAdmin):
    """Rows that can be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted."""
        return False


class Removable(ReadOnly):
    """Rows that can also be removed, one or many, each by an action."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers may remove rows."""
        return bool(request.user.is_superuser)

    def remove(self, actor: User, obj: Model) -> None:
        """Removes one row by the action that writes the audit trail."""
        raise NotImplementedError

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Removes one row."""
        self.remove(request.user, obj)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        """Removes the chosen rows."""
        for obj in queryset:
            self.remove(request.user, obj)  # type: ignore[arg-type]


class TokenAdmin(Removable):
    """API tokens, which can be ended."""

    list_display = ("token_key", "user", "created", "expiry")
    search_fields = ("token_key", "user__username")
    fields = ("token_key", "user", "created", "expiry")

    def remove(self, actor: User, obj: Model) -> None:
        """Ends a token."""
        actions.end_token(actor=actor, token=cast(AuthToken, obj))


class LockoutAdmin(Removable):
    """Failed sign-ins that can lead to a lockout; removing them lifts it."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "failures_since_start")

    def remove(self, actor: User, obj: Model) -> None:
        """Lifts the lockout."""
        actions.lift_lockout(actor=actor, attempt=cast(AccessAttempt, obj))


class SignInAdmin(ReadOnly):
    """Sign-ins and failed sign-ins."""

    list_display = ("attempt_time", "username", "ip_address", "path_info")
    search_fields = ("username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "path_info")


admin.site.site_header = admin.site.site_title = _("Technical admin")
admin.site.index_title = _("What OfficeFlow keeps about sign-ins")

# Roles are `RoleGrant`s; Django's groups are not used.
for model in (Group, AuthToken, AccessAttempt, AccessLog, AccessFailureLog):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
admin.site.register(AuthToken, TokenAdmin)
admin.site.register(AccessAttempt, LockoutAdmin)
admin.site.register([AccessLog, AccessFailureLog], SignInAdmin)

"""Authentication of API calls by tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework import exceptions

from officeflow.staff.queries import find_token

if TYPE_CHECKING:
    from knox.models import AuthToken

    from officeflow.company.models import Office
    from officeflow.staff.models import User


# What a program's sign-in needs besides the password: called with the person and the sent code.
sign_in_checks: list[Callable[[User, str], None]] = []
# What each call with a token needs: called with the person and the office, when it is known.
token_checks: list[Callable[[User, Office | None], None]] = []


class OfficeToken(TokenAuthentication):
    """Authenticates `Authorization: Token …`, and refuses tokens that are not ASCII."""

    def authenticate(self, request: Any) -> Any:
        """Returns the person and the token, or None. Raises `AuthenticationFailed`."""
        found = super().authenticate(request)
        if found is not None:
            for check in token_checks:
                check(found[0], getattr(request, "office", None))
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Returns the person and the token. Raises `AuthenticationFailed`."""
        found = find_token(token.decode()) if token.isascii() else None
        if found is None or not found.user.is_active:
            raise exceptions.AuthenticationFailed(_("Invalid token."))
        return found.user, found


class OfficeTokenScheme(KnoxTokenScheme):
    """The token in the API's description."""

    target_class = "officeflow.staff.api_tokens.OfficeToken"

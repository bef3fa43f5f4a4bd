"""Who calls the API: the person whose token a request carries."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework import exceptions


class OfficeToken(TokenAuthentication):
    """`Authorization: Token …`, also when what stands there is not text."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """The person and the token. Raises `AuthenticationFailed`."""
        if not token.isascii():
            raise exceptions.AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)


class OfficeTokenScheme(KnoxTokenScheme):
    """How the API's description names it."""

    target_class = "officeflow.staff.api_tokens.OfficeToken"

"""Signing in to the API with tokens that expire; only their hashes are stored."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, user_logged_in
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from officeflow import limits
from officeflow.api.bodies import Body, SmallBodyParser
from officeflow.staff.actions import end_token, issue_token
from officeflow.staff.api_tokens import sign_in_checks
from officeflow.staff.forms import SignInForm
from officeflow.staff.throttles import SignInThrottle


class CredentialsSerializer(Body):
    """User name and password, and the code of a second factor for those who have one."""

    username = serializers.CharField(max_length=limits.USER_NAME)
    password = serializers.CharField(
        max_length=limits.PASSWORD, trim_whitespace=False, style={"input_type": "password"}
    )
    code = serializers.CharField(max_length=32, required=False, allow_blank=True, default="")


class TokenSerializer(serializers.Serializer[Any]):
    """A token for the header `Authorization: Token …`, and when it expires."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class TokenSignIn(APIView):
    """Signs in with user name and password."""

    authentication_classes: list[Any] = []
    parser_classes = [SmallBodyParser]
    permission_classes = [AllowAny]
    throttle_classes = [SignInThrottle]

    def get_authenticate_header(self, request: Request) -> str:
        """Returns a challenge, so that a wrong password is answered with 401, not 403."""
        return "Token"

    @extend_schema(operation_id="sign_in", request=CredentialsSerializer, responses=TokenSerializer)
    def post(self, request: Request) -> Response:
        """Returns a token. Repeated failures of a user from an address are answered with 429."""
        body = CredentialsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        # axes needs Django's request and sets attributes on it.
        django_request = request._request
        code = body.validated_data.pop("code")
        user = authenticate(request=django_request, **body.validated_data)
        if user is None:
            if getattr(django_request, "axes_locked_out", False):
                raise exceptions.Throttled(
                    detail=_("Too many failed sign-ins. Try again in a few minutes.")
                )
            raise exceptions.AuthenticationFailed(SignInForm.error_messages["invalid_login"])
        if user.must_change_password:
            raise exceptions.PermissionDenied(
                _("Sign in to the pages and choose your own password first.")
            )
        for check in sign_in_checks:
            check(user, code)
        token, secret = issue_token(user=user)
        user_logged_in.send(sender=type(user), request=django_request, user=user)
        return Response({"token": secret, "expiry": token.expiry})


class TokenSignOut(APIView):
    """Ends the token of the request."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="sign_out", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Ends the token, which no longer works."""
        if request.auth is not None:
            end_token(actor=request.auth.user, token=request.auth)
        return Response(status=204)

"""Signing in over HTTP: a token that is stored hashed and expires."""

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

from officeflow.api.bodies import Body
from officeflow.api.throttles import SignInThrottle
from officeflow.staff.actions import end_token, issue_token


class CredentialsSerializer(Body):
    """Who signs in."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(
        max_length=4096, trim_whitespace=False, style={"input_type": "password"}
    )


class TokenSerializer(serializers.Serializer[Any]):
    """A token, sent later as `Authorization: Token …`, and when it expires."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class SignIn(APIView):
    """Signs in with user name and password."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [SignInThrottle]

    def get_authenticate_header(self, request: Request) -> str:
        """Says that a token is what one comes for, so that a wrong password is 401."""
        return "Token"

    @extend_schema(operation_id="sign_in", request=CredentialsSerializer, responses=TokenSerializer)
    def post(self, request: Request) -> Response:
        """Gives a token; after repeated failures by this user from this address it is 429."""
        body = CredentialsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        # axes counts failures by what stands on the plain request.
        plain = request._request
        user = authenticate(request=plain, **body.validated_data)
        if user is None:
            if getattr(plain, "axes_locked_out", False):
                raise exceptions.Throttled(
                    detail=_("Too many failed sign-ins. Try again in a few minutes.")
                )
            raise exceptions.AuthenticationFailed(_("User name or password is wrong."))
        token, secret = issue_token(user=user)
        user_logged_in.send(sender=type(user), request=plain, user=user)
        return Response({"token": secret, "expiry": token.expiry})


class SignOut(APIView):
    """Ends the token that the request carries."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="sign_out", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """The token is worth nothing afterwards."""
        if request.auth is not None:
            end_token(token=request.auth)
        return Response(status=204)

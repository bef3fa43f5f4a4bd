"""The base classes of viewsets.

class OrderViewSet(RecordViewSet[Order]):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    permissions = {"list": VIEW, "retrieve": VIEW, "cancel": Permission.CANCEL_ORDER}
    bodies = {"cancel": CancelOrderSerializer}

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        order = self.get_object()
        return self.respond(cancel_order(actor=self.user, order=order, **self.body()))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from officeflow.api.shared_serializers import shared_serializer
from officeflow.numbering import normalise
from officeflow.permissions import RequiredPermission, is_allowed
from officeflow.staff.models import User

M = TypeVar("M", bound=Model)


class HoldsPermission(BasePermission):
    """Allows people with a permission that the viewset requires for the action."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Returns whether the caller has one; True without an action, which is answered 405."""
        assert isinstance(view, OfficeViewSet)
        if view.action in (None, "metadata"):
            return True
        return is_allowed(view.user, view.permissions[view.action])


class OfficeViewSet(GenericViewSet[M]):
    """Endpoints of one noun, whose records are addressed by their reference numbers.

    `permissions` maps each action to a permission, to several of which any one is enough, or to
    None for everybody who signed in. `bodies` maps actions to the serializers of their bodies.
    """

    permission_classes = [IsAuthenticated, HoldsPermission]
    lookup_field = "number"
    lookup_value_converter = "slug"
    permissions: ClassVar[Mapping[str, RequiredPermission]]
    bodies: ClassVar[Mapping[str, type[serializers.BaseSerializer[Any]]]] = {}

    @property
    def user(self) -> User:
        """The caller."""
        user = self.request.user
        assert isinstance(user, User)  # the permission classes require it
        return user

    def get_object(self) -> M:
        """Returns the record of the URL. Raises `Http404`, also when the caller may not see it."""
        name = self.kwargs[self.lookup_field]
        if self.lookup_field == "number":
            name = normalise(name)
        return get_object_or_404(self.get_queryset(), **{self.lookup_field: name})

    def body(self) -> dict[str, Any]:
        """Returns the validated body of the request. Raises `ValidationError`."""
        return dict(shared_serializer(self.bodies[self.action]).run_validation(self.request.data))

    def serialized(self, record: M) -> dict[str, Any]:
        """Returns the record as it is in memory, serialized."""
        return dict(shared_serializer(self.get_serializer_class()).to_representation(record))

    def read_again(self, pk: Any) -> M:
        """Returns the record with this primary key, and with what its serializer needs."""
        return self.get_queryset().get(pk=pk)

    def respond(self, record: M) -> Response:
        """Returns a response with the record, read again."""
        return Response(self.serialized(self.read_again(record.pk)))


class RecordViewSet(ListModelMixin, RetrieveModelMixin, OfficeViewSet[M]):
    """Endpoints of a noun with a list, newest first, and a URL for each record."""

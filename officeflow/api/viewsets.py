"""What the viewsets of all nouns share.

class OrderViewSet(RecordViewSet[Order]):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    permissions = {"list": VIEW, "retrieve": VIEW, "cancel": Permission.CANCEL_ORDER}
    bodies = {"cancel": CancelOrderSerializer}

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        order = self.get_object()
        return self.answer(cancel_order(actor=self.user, order=order, **self.body()))
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

from officeflow.numbering import normalise
from officeflow.permissions import RequiredPermission, is_allowed
from officeflow.staff.models import User

M = TypeVar("M", bound=Model)


class HoldsPermission(BasePermission):
    """Holds a permission that the viewset requires for the action."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person does; a method without an action goes on to its 405."""
        assert isinstance(view, OfficeViewSet)
        if view.action in (None, "metadata"):
            return True
        return is_allowed(view.user, view.permissions[view.action])


class OfficeViewSet(GenericViewSet[M]):
    """Endpoints of one noun, whose records are addressed by their numbers.

    `permissions` says for each action what a person must hold, any one of several; None is for
    everybody who signed in. `bodies` says what the actions that take a body take.
    """

    permission_classes = [IsAuthenticated, HoldsPermission]
    lookup_field = "number"
    lookup_value_converter = "slug"
    permissions: ClassVar[Mapping[str, RequiredPermission]]
    bodies: ClassVar[Mapping[str, type[serializers.BaseSerializer[Any]]]] = {}

    @property
    def user(self) -> User:
        """Who calls."""
        user = self.request.user
        assert isinstance(user, User)  # the permission classes let nobody else in
        return user

    def get_object(self) -> M:
        """The record of the address. Raises `Http404` for one that the person may not see, too."""
        name = self.kwargs[self.lookup_field]
        if self.lookup_field == "number":
            name = normalise(name)
        return get_object_or_404(self.get_queryset(), **{self.lookup_field: name})

    def body(self) -> dict[str, Any]:
        """The checked values of the request's body. Raises `ValidationError`."""
        body = self.bodies[self.action](data=self.request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def shown(self, pk: Any) -> dict[str, Any]:
        """A record as it stands now, as the API answers."""
        return dict(self.get_serializer(self.get_queryset().get(pk=pk)).data)

    def answer(self, record: M) -> Response:
        """Answers with a record that was changed."""
        return Response(self.shown(record.pk))


class RecordViewSet(ListModelMixin, RetrieveModelMixin, OfficeViewSet[M]):
    """A noun with a list, newest first, and the address of each record in it."""

"""The API of the hand-offs: their list and the nothing-lost equation."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from officeflow.dashboards.visibility import is_hidden, visible_error
from officeflow.handoff import queries
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.permissions import Permission
from officeflow.staff.access import may


class HandoffSerializer(serializers.ModelSerializer[Handoff]):
    """A hand-off with the times of its receipts, without its payload.

    For hand-offs to HR, subject and contract are null for everybody outside HR.
    """

    subject = serializers.SerializerMethodField()
    contract = serializers.SerializerMethodField()
    last_error = serializers.SerializerMethodField()

    class Meta:
        model = Handoff
        fields = (
            "id",
            "contract",
            "destination",
            "subject",
            "sequence",
            "state",
            "attempts",
            "posted_at",
            "delivered_at",
            "accepted_at",
            "returned_at",
            "due_at",
            "last_error",
        )

    def get_subject(self, handoff: Handoff) -> str | None:
        """The order's or complaint's number."""
        return None if self._is_hidden(handoff) else handoff.subject

    def get_contract(self, handoff: Handoff) -> str | None:
        """The name of the contract."""
        return None if self._is_hidden(handoff) else handoff.contract

    def get_last_error(self, handoff: Handoff) -> str:
        """The last error; for hidden hand-offs, only its type."""
        return visible_error(handoff, self.context["request"].user)

    def _is_hidden(self, handoff: Handoff) -> bool:
        return is_hidden(handoff.destination, self.context["request"].user)


class HandoffFilter(django_filters.FilterSet):
    """Filters hand-offs by state and destination."""

    state = django_filters.ChoiceFilter(choices=HandoffState.choices)
    destination = django_filters.ChoiceFilter(choices=Destination.choices)

    class Meta:
        model = Handoff
        fields: list[str] = []


class Handoffs(generics.ListAPIView[Handoff]):
    """Hand-offs, newest first."""

    serializer_class = HandoffSerializer
    filterset_class = HandoffFilter
    permission_classes = [IsAuthenticated, may(Permission.VIEW_DASHBOARDS)]

    def get_queryset(self) -> QuerySet[Handoff]:
        """Every hand-off, without payloads."""
        return queries.handoffs()


class SummarySerializer(serializers.Serializer[Any]):
    """The nothing-lost equation: posted = applied + waiting + dead + set aside."""

    posted = serializers.IntegerField()
    applied = serializers.IntegerField()
    waiting = serializers.IntegerField()
    dead = serializers.IntegerField()
    set_aside = serializers.IntegerField()
    balanced = serializers.BooleanField()


class Summary(APIView):
    """The nothing-lost equation at the moment of the request."""

    permission_classes = [IsAuthenticated, may(Permission.VIEW_DASHBOARDS)]

    @extend_schema(responses=SummarySerializer)
    def get(self, request: Request) -> Response:
        """Counts in one snapshot."""
        balance = queries.balance()
        return Response({**asdict(balance), "balanced": balance.balanced})

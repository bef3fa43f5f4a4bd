"""The API of the hand-offs: their list and the nothing-lost equation."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from officeflow.api.viewsets import RecordViewSet
from officeflow.dashboards.visibility import is_hidden, visible_error
from officeflow.handoff import equation, queries
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.permissions import Permission


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


class HandoffSummarySerializer(serializers.Serializer[Any]):
    """The nothing-lost equation: posted = applied + waiting + dead + discarded."""

    posted = serializers.IntegerField()
    applied = serializers.IntegerField()
    waiting = serializers.IntegerField()
    dead = serializers.IntegerField()
    discarded = serializers.IntegerField()
    balanced = serializers.BooleanField()


class HandoffViewSet(RecordViewSet[Handoff]):
    """Hand-offs without their payloads."""

    queryset = queries.handoffs()
    serializer_class = HandoffSerializer
    filterset_class = HandoffFilter
    lookup_field = "id"
    lookup_value_converter = "int"
    permissions = dict.fromkeys(("list", "retrieve", "summary"), Permission.VIEW_DASHBOARDS)

    @extend_schema(responses=HandoffSummarySerializer)
    @action(detail=False)
    def summary(self, request: Request) -> Response:
        """The nothing-lost equation at the moment of the request, from one snapshot."""
        balance = equation.balance()
        return Response({**asdict(balance), "balanced": balance.balanced})

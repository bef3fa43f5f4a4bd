"""The work queue over HTTP."""

from __future__ import annotations

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.tickets import actions, queries
from backoffice.tickets.models import ReasonToReturn, Ticket, late
from backoffice.tickets.states import Priority, ReturnReason, TicketKind, TicketState
from officeflow.api.bodies import Body
from officeflow.handoff.words import Outcome
from officeflow.numbering import normalise
from officeflow.permissions import Department, view_permission, work_permission
from officeflow.staff.access import may
from officeflow.staff.endpoints import StaffView

VIEW = [view_permission(department) for department in Department]
WORK = [work_permission(department) for department in Department]


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    """A ticket; `subject` is the order's or complaint's number."""

    assignee = serializers.CharField(source="assignee.username", default=None, allow_null=True)
    customer = serializers.CharField(source="customer_name")

    class Meta:
        model = Ticket
        fields = (
            "number",
            "department",
            "kind",
            "state",
            "priority",
            "subject",
            "title",
            "customer",
            "assignee",
            "due_at",
            "held_until",
            "created_at",
            "closed_at",
            "version",
        )


class TicketFilter(django_filters.FilterSet):
    """By department, state, subject and kind, by who has it, what is urgent and what is late."""

    department = django_filters.ChoiceFilter(choices=Department.choices)
    state = django_filters.ChoiceFilter(choices=TicketState.choices)
    subject = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=TicketKind.choices)
    priority = django_filters.ChoiceFilter(choices=Priority.choices)
    assignee = django_filters.CharFilter(field_name="assignee__username")
    late = django_filters.BooleanFilter(method="filter_late")

    def filter_late(self, rows: QuerySet[Ticket], name: str, value: bool) -> QuerySet[Ticket]:
        """`true` for what should have been done by now; `false` for the rest."""
        condition = late(timezone.now())
        return rows.filter(condition) if value else rows.exclude(condition)

    class Meta:
        model = Ticket
        fields: list[str] = []


class Tickets(StaffView, generics.ListAPIView[Ticket]):
    """The tickets of the departments that one may see, newest first."""

    serializer_class = TicketSerializer
    filterset_class = TicketFilter
    permission_classes = [IsAuthenticated, may(*VIEW)]

    def get_queryset(self) -> QuerySet[Ticket]:
        """Only the caller's departments; HR's are HR's alone."""
        if getattr(self, "swagger_fake_view", False):  # the description is made for nobody
            return Ticket.objects.none()
        return Ticket.objects.visible_to(self.person).select_related("assignee")


class Verb(StaffView):
    """What every verb on a ticket shares."""

    permission_classes = [IsAuthenticated, may(*VIEW, write=WORK)]

    def ticket(self, number: str) -> Ticket:
        """The ticket of a number, or 404 when it is another department's."""
        return get_object_or_404(
            Ticket.objects.visible_to(self.person),
            number=normalise(number),
        )

    def workable(self, number: str, *, or_led: bool = False) -> Ticket:
        """The ticket, for those who work in its department, or lead it where that is enough.

        Asked before the body is read: what somebody may not do is no question of its shape.
        """
        ticket, user = self.ticket(number), self.person
        works = queries.may_work(user, ticket.department)
        if not works and not (or_led and queries.may_direct(user, ticket.department)):
            raise PermissionDenied
        return ticket

    def answer(self, ticket: Ticket) -> Response:
        """The ticket as it stands now."""
        fresh = Ticket.objects.select_related("assignee").get(pk=ticket.pk)
        return Response(TicketSerializer(fresh).data)


class Take(Verb):
    """Takes a waiting ticket."""

    @extend_schema(request=None, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Of two at once one wins; the other gets 409 and who it was."""
        return self.answer(actions.take_ticket(actor=self.person, ticket=self.ticket(number)))


class Untake(Verb):
    """Puts a ticket that one took back into the queue."""

    @extend_schema(request=None, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Only by whoever has it."""
        return self.answer(actions.untake_ticket(actor=self.person, ticket=self.ticket(number)))


class ReturnSerializer(Body):
    """Why a ticket goes back to the desk, and what it asks.

    `reason` is one of the codes, or free words, which are then the question.
    """

    reason = serializers.CharField(required=False, allow_blank=True, default="")
    question = serializers.CharField(required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """Free words as the reason are the question for another reason."""
        if not ReasonToReturn.objects.filter(code=attrs["reason"]).exists():
            words = [text for text in (attrs["reason"], attrs["question"]) if text]
            return {"reason": ReturnReason.OTHER, "question": "\n".join(words)}
        return attrs


class Return(Verb):
    """Returns a ticket to the desk with a question."""

    @extend_schema(request=ReturnSerializer, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """The answer brings it back to the one who asked."""
        body = ReturnSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self.answer(
            actions.return_ticket(
                actor=self.person,
                ticket=self.ticket(number),
                **body.validated_data,
            )
        )


class CompleteSerializer(Body):
    """For a complaint: the outcome, and what the desk tells the customer. Else empty."""

    outcome = serializers.CharField(required=False, allow_blank=True, default="")
    message = serializers.CharField(required=False, allow_blank=True, default="")

    def validate_outcome(self, outcome: str) -> str:
        """One of the outcomes, or empty."""
        if outcome and outcome not in Outcome.values:
            raise serializers.ValidationError(
                _("%(outcome)s is not an outcome; give one of %(choices)s.")
                % {"outcome": outcome[:40], "choices": ", ".join(Outcome.values)}
            )
        return outcome


class Complete(Verb):
    """Says that the work is done."""

    @extend_schema(request=CompleteSerializer, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Only by whoever has it."""
        body = CompleteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self.answer(
            actions.complete_ticket(
                actor=self.person,
                ticket=self.ticket(number),
                **body.validated_data,
            )
        )

"""The work queue over HTTP."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.tickets import actions, queries
from backoffice.tickets.actions.transitions import TEXT_LIMIT
from backoffice.tickets.models import ReasonToReturn, Ticket, TicketComment
from backoffice.tickets.states import Priority, ReturnReason
from officeflow.api.bodies import Body, KnownFields
from officeflow.api.fields import DayField
from officeflow.api.idempotency import idempotent_create
from officeflow.api.viewsets import OfficeViewSet, RecordViewSet
from officeflow.handoff.contract_labels import Outcome
from officeflow.numbering import normalise
from officeflow.permissions import (
    Department,
    direct_permission,
    view_permission,
    work_permission,
)
from officeflow.staff.models import User

VIEW = tuple(map(view_permission, Department))
WORK = tuple(map(work_permission, Department))
WORK_OR_DIRECT = WORK + tuple(map(direct_permission, Department))


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


class ReturnTicketSerializer(Body):
    """The reason for returning a ticket, and the question to the desk.

    `reason` is the code of a return reason; another text becomes part of the question.
    """

    reason = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )
    question = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """Makes an unknown reason part of the question, with the reason "other"."""
        if not ReasonToReturn.objects.filter(code=attrs["reason"]).exists():
            words = [text for text in (attrs["reason"], attrs["question"]) if text]
            return {"reason": ReturnReason.OTHER, "question": "\n".join(words)}
        return attrs


class CompleteTicketSerializer(Body):
    """The outcome of a complaint and the message for the customer; empty for other tickets."""

    outcome = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )
    message = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )

    def validate_outcome(self, outcome: str) -> str:
        """Returns a known outcome or "". Raises `ValidationError` for another text."""
        if outcome and outcome not in Outcome.values:
            raise serializers.ValidationError(
                _("%(outcome)s is not an outcome. Use one of %(choices)s.")
                % {"outcome": outcome[:40], "choices": ", ".join(Outcome.values)}
            )
        return outcome


class UsernameField(serializers.SlugRelatedField[User]):
    """A user, by user name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="username", queryset=User.objects.all(), **kwargs)


class TakeOverTicketSerializer(Body):
    """The current holder of the ticket, and a note to them."""

    holder = UsernameField()
    note = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )


class ReassignTicketSerializer(Body):
    """The new assignee, the current holder (null for a waiting ticket), and a note to both."""

    to = UsernameField()
    holder = UsernameField(allow_null=True)
    note = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )


class HoldTicketSerializer(Body):
    """The reason of a hold, and the day on which it ends."""

    reason = serializers.CharField(max_length=TEXT_LIMIT, allow_blank=True)
    until_date = DayField()


class TicketPrioritySerializer(Body):
    """The new priority, the priority that the client has seen, and why it changes."""

    priority = serializers.ChoiceField(choices=Priority.choices)
    seen = serializers.ChoiceField(choices=Priority.choices)
    reason = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )


class ReopenTicketSerializer(Body):
    """What is not finished after all; within the seconds for Undo it may be empty."""

    reason = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )


class CommentSerializer(KnownFields, serializers.ModelSerializer[TicketComment]):
    """A comment; `@username` in it notifies that person."""

    author = serializers.CharField(source="author.username", read_only=True)
    text = serializers.CharField(max_length=TEXT_LIMIT)

    class Meta:
        model = TicketComment
        fields = ("author", "text", "at")
        read_only_fields = ("author", "at")


class TicketViewSet(RecordViewSet[Ticket]):
    """The tickets of the departments that the user may see."""

    queryset = Ticket.objects.all()
    serializer_class = TicketSerializer
    filterset_class = queries.TicketFilter
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        **dict.fromkeys(("take", "untake", "return_to_desk", "complete"), WORK),
        **dict.fromkeys(("take_over", "hold", "resume", "reopen"), WORK),
        **dict.fromkeys(("reassign", "priority"), WORK_OR_DIRECT),
    }
    bodies = {
        "return_to_desk": ReturnTicketSerializer,
        "complete": CompleteTicketSerializer,
        "take_over": TakeOverTicketSerializer,
        "reassign": ReassignTicketSerializer,
        "hold": HoldTicketSerializer,
        "reopen": ReopenTicketSerializer,
        "priority": TicketPrioritySerializer,
    }

    def get_queryset(self) -> QuerySet[Ticket]:
        """Returns the tickets that the user may see."""
        return Ticket.objects.visible_to(self.user).select_related("assignee")

    def get_object(self) -> Ticket:
        """Returns the ticket. Raises `Http404` for one that the user may not see."""
        ticket = queries.visible_ticket(self.user, normalise(self.kwargs["number"]))
        if ticket is None:
            raise Http404
        return ticket

    def respond(self, record: Ticket) -> Response:
        """Returns a response with the ticket, as the action left it."""
        return Response(self.serialized(record))

    def workable(self, *, or_led: bool = False) -> Ticket:
        """Returns the ticket if the user works in its department or, with `or_led`, leads it.

        Raises `PermissionDenied` otherwise. It is called before the body is read, so that the
        permission is checked before the shape.
        """
        ticket = self.get_object()
        works = queries.may_work(self.user, ticket.department)
        if not works and not (or_led and queries.may_direct(self.user, ticket.department)):
            raise PermissionDenied
        return ticket

    @action(detail=True, methods=["post"])
    def take(self, request: Request, number: str) -> Response:
        """Takes a waiting ticket; 409 with the colleague's name when it is taken already."""
        return self.respond(actions.take_ticket(actor=self.user, ticket=self.workable()))

    @action(detail=True, methods=["post"])
    def untake(self, request: Request, number: str) -> Response:
        """Puts a ticket back into the queue; only its assignee may."""
        return self.respond(actions.untake_ticket(actor=self.user, ticket=self.workable()))

    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_to_desk(self, request: Request, number: str) -> Response:
        """Returns a ticket to the desk with a question; the answer brings it back."""
        ticket = self.workable()
        return self.respond(actions.return_ticket(actor=self.user, ticket=ticket, **self.body()))

    @action(detail=True, methods=["post"])
    def complete(self, request: Request, number: str) -> Response:
        """Completes a ticket; only its assignee may."""
        ticket = self.workable()
        return self.respond(actions.complete_ticket(actor=self.user, ticket=ticket, **self.body()))

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, number: str) -> Response:
        """Reopens a completed ticket that was not finished after all; 409 when it is final."""
        ticket = self.workable()
        return self.respond(actions.reopen_ticket(actor=self.user, ticket=ticket, **self.body()))

    @action(detail=True, methods=["post"], url_path="take-over")
    def take_over(self, request: Request, number: str) -> Response:
        """Takes a ticket over from the colleague who has it; 409 when they no longer have it."""
        ticket = self.workable()
        actions.take_over_ticket(actor=self.user, ticket=ticket, **self.body())
        return self.respond(ticket)

    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, number: str) -> Response:
        """Gives a ticket to a colleague who works in its department.

        Its assignee and the department's leaders may; 409 when the holder has changed.
        """
        ticket = self.workable(or_led=True)
        actions.reassign_ticket(actor=self.user, ticket=ticket, **self.body())
        return self.respond(ticket)

    @action(detail=True, methods=["post"])
    def hold(self, request: Request, number: str) -> Response:
        """Puts a ticket on hold; only its assignee may."""
        ticket = self.workable()
        actions.hold_ticket(actor=self.user, ticket=ticket, **self.body())
        return self.respond(ticket)

    @action(detail=True, methods=["post"])
    def resume(self, request: Request, number: str) -> Response:
        """Resumes a ticket that is on hold; only its assignee may."""
        return self.respond(actions.resume_ticket(actor=self.user, ticket=self.workable()))

    @action(detail=True, methods=["post"])
    def priority(self, request: Request, number: str) -> Response:
        """Changes a ticket's priority.

        Its assignee and the department's leaders may; other colleagues of the department may raise
        it with a reason. 409 when a colleague changed it meanwhile.
        """
        ticket = self.workable(or_led=True)
        actions.set_priority(actor=self.user, ticket=ticket, **self.body())
        return self.respond(ticket)


class CommentViewSet(ListModelMixin, OfficeViewSet[TicketComment]):
    """The comments of colleagues on a ticket, oldest first; never seen outside its department."""

    queryset = TicketComment.objects.select_related("author")
    serializer_class = CommentSerializer
    pagination_class = None
    permissions = {"list": VIEW, "create": VIEW}
    bodies = {"create": CommentSerializer}

    def ticket(self) -> Ticket:
        """Returns the ticket. Raises `Http404` for one that the user may not see."""
        ticket = queries.visible_ticket(self.user, normalise(self.kwargs["number"]))
        if ticket is None:
            raise Http404
        return ticket

    def get_queryset(self) -> QuerySet[TicketComment]:
        """Returns the ticket's comments."""
        return super().get_queryset().filter(ticket=self.ticket())

    @idempotent_create(free_text=("text",))
    def create(self, values: dict[str, Any], number: str) -> TicketComment:
        """Adds a comment; everybody who may see the ticket may."""
        return actions.comment_ticket(actor=self.user, ticket=self.ticket(), **values)

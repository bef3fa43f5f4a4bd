"""From hand to hand, on hold, what comes first and what is said: tickets over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.tickets import actions, queries
from backoffice.tickets.actions.transitions import TEXT_LIMIT
from backoffice.tickets.api import VIEW, WORK, TicketSerializer, Verb
from backoffice.tickets.models import TicketComment
from backoffice.tickets.states import Priority
from officeflow.api.bodies import Body, KnownFields
from officeflow.api.once import IDEMPOTENCY_PARAMETER, answer_once
from officeflow.permissions import Department, direct_permission
from officeflow.staff.access import may
from officeflow.staff.models import User

DIRECT = [direct_permission(department) for department in Department]


class PersonField(serializers.SlugRelatedField[User]):
    """Somebody who works here, by user name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="username", queryset=User.objects.all(), **kwargs)


class StealSerializer(Body):
    """From whom the ticket is taken over, and a word to them."""

    holder = PersonField()
    word = serializers.CharField(required=False, allow_blank=True, default="")


class Steal(Verb):
    """Takes a ticket over from the colleague who has it."""

    @extend_schema(request=StealSerializer, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """409 when the colleague has it no more; of two at once one wins."""
        ticket = self.workable(number)
        body = StealSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actions.steal_ticket(actor=self.person, ticket=ticket, **body.validated_data)
        return self.answer(ticket)


class ReassignSerializer(Body):
    """To whom the ticket goes, who had it (null for nobody), and a word to both."""

    to = PersonField()
    holder = PersonField(allow_null=True)
    word = serializers.CharField(required=False, allow_blank=True, default="")


class Reassign(Verb):
    """Gives a ticket to somebody who works in its department."""

    permission_classes = [IsAuthenticated, may(*VIEW, write=[*WORK, *DIRECT])]

    @extend_schema(request=ReassignSerializer, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """By whoever has it or leads the department; 409 when somebody else has it by now."""
        ticket = self.workable(number, or_led=True)
        body = ReassignSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actions.reassign_ticket(actor=self.person, ticket=ticket, **body.validated_data)
        return self.answer(ticket)


class HoldSerializer(Body):
    """What the ticket waits for, and the day on which it comes back."""

    reason = serializers.CharField(allow_blank=True)
    until_date = serializers.DateField()


class Hold(Verb):
    """Puts a ticket on hold."""

    @extend_schema(request=HoldSerializer, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Only by whoever has it in work."""
        ticket = self.workable(number)
        body = HoldSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actions.hold_ticket(actor=self.person, ticket=ticket, **body.validated_data)
        return self.answer(ticket)


class Resume(Verb):
    """Goes on with a ticket that is on hold."""

    @extend_schema(request=None, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Only by whoever put it on hold."""
        ticket = self.workable(number)
        return self.answer(actions.resume_ticket(actor=self.person, ticket=ticket))


class PrioritySerializer(Body):
    """How urgent the ticket is, and what it was when one looked."""

    priority = serializers.ChoiceField(choices=Priority.choices)
    seen = serializers.ChoiceField(choices=Priority.choices)


class SetPriority(Verb):
    """Makes a ticket more or less urgent."""

    permission_classes = [IsAuthenticated, may(*VIEW, write=[*WORK, *DIRECT])]

    @extend_schema(request=PrioritySerializer, responses=TicketSerializer)
    def post(self, request: Request, number: str) -> Response:
        """By whoever has it or leads the department; 409 when a colleague changed it meanwhile."""
        ticket = self.workable(number, or_led=True)
        body = PrioritySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actions.set_priority(actor=self.person, ticket=ticket, **body.validated_data)
        return self.answer(ticket)


class CommentSerializer(KnownFields, serializers.ModelSerializer[TicketComment]):
    """What a colleague wrote; `@username` in it tells that person."""

    author = serializers.CharField(source="author.username", read_only=True)
    text = serializers.CharField(max_length=TEXT_LIMIT)

    class Meta:
        model = TicketComment
        fields = ("author", "text", "at")
        read_only_fields = ("author", "at")


class Comments(Verb):
    """What colleagues wrote on a ticket; never seen outside its department."""

    permission_classes = [IsAuthenticated, may(*VIEW)]

    @extend_schema(responses=CommentSerializer(many=True), operation_id="ticket_comments_list")
    def get(self, request: Request, number: str) -> Response:
        """Oldest first."""
        found = queries.comments_of(self.ticket(number))
        return Response(CommentSerializer(found, many=True).data)

    @extend_schema(
        request=CommentSerializer,
        responses={201: CommentSerializer},
        parameters=[IDEMPOTENCY_PARAMETER],
    )
    def post(self, request: Request, number: str) -> Response:
        """Writes one, once for each key, by anybody who may see the ticket."""
        body = CommentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        ticket = self.ticket(number)

        def show(comment: TicketComment) -> dict[str, Any]:
            return dict(CommentSerializer(comment).data)

        return answer_once(
            request,
            effect=lambda: actions.comment_ticket(
                actor=self.person,
                ticket=ticket,
                text=body.validated_data["text"],
            ),
            show=show,
            find=lambda key: ticket.comments.select_related("author").get(pk=key),
            free_text=["text"],
        )

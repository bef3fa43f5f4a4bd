"""Queries for the questions of departments."""

from __future__ import annotations

from django.db.models import QuerySet

from frontdesk.questions.models import DeskQuestion
from officeflow.permissions import Permission
from officeflow.staff.models import User


def questions_to_answer(user: User, questions: list[DeskQuestion]) -> list[DeskQuestion]:
    """Returns the open questions if the user may answer them, else none."""
    if not user.may(Permission.ANSWER_QUESTION):
        return []
    return [question for question in questions if question.closed_at is None]


def questions() -> QuerySet[DeskQuestion]:
    """Returns all questions with their orders and complaints, newest first."""
    return DeskQuestion.objects.select_related(
        "order__customer", "complaint__customer", "answered_by"
    ).order_by("-asked_at", "-pk")

"""What is left to set up, worked out from what is there: nobody ticks anything off.

    from officeflow.ui.checklist import ChecklistStep, register_checklist_step

    register_checklist_step(
        ChecklistStep(
            key="products",
            label=_("Products"),
            todo=_("Enter what you sell, or read it in from a file."),
            url_name="catalogue:products",
            is_done=lambda: Product.objects.active().exists(),
            order=30,
        )
    )

Apps register theirs in `AppConfig.ready()`; the administration's index shows them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from officeflow.permissions import RequiredPermission, is_allowed
from officeflow.ui.navigation import Text


@dataclass(frozen=True)
class ChecklistStep:
    """One thing that an office needs before it can work.

    ``is_done`` is asked each time the list is shown, so it must be one cheap query. ``detail``
    says what exactly is missing, in words, where the label alone does not. ``url_name`` may be
    empty for what is not done on a page; without ``permission`` there is no link.
    """

    key: str
    label: Text
    todo: Text
    is_done: Callable[[], bool]
    url_name: str = ""
    permission: RequiredPermission = None
    order: int = 100
    detail: Callable[[], str] | None = None


@dataclass(frozen=True)
class ShownStep:
    """A step as the list shows it."""

    key: str
    label: Text
    words: Text
    url: str
    is_done: bool


_steps: list[ChecklistStep] = []


def register_checklist_step(step: ChecklistStep) -> None:
    """Puts a step on the list; the same key again replaces it."""
    kept = [other for other in _steps if other.key != step.key]
    _steps[:] = sorted([*kept, step], key=lambda each: each.order)


def steps(user: Any) -> list[ShownStep]:
    """The steps as they stand now, with links where this person may follow them."""
    found = []
    for step in _steps:
        done = step.is_done()
        words = step.todo if done or step.detail is None else step.detail() or step.todo
        try:
            may_follow = step.url_name and step.permission and is_allowed(user, step.permission)
            url = reverse(step.url_name) if may_follow else ""
        except NoReverseMatch:
            url = ""
        found.append(ShownStep(step.key, step.label, words, url, done))
    return found

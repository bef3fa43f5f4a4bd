"""The registry of the steps of the set-up checklist, whose state is computed from the data.

    from officeflow.ui.checklist import ChecklistStep, register_checklist_step

    register_checklist_step(
        ChecklistStep(
            key="products",
            label=_("Products"),
            todo=_("Add what you sell, or import it from a file."),
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
    """A step of setting up an office.

    ``is_done`` is called each time the list is shown, so it must be one cheap query. ``detail``
    returns a text about what is missing, which replaces ``todo``. A step is a link when it has
    ``url_name`` and ``permission``, and the person holds the permission.
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
    """A step for one person; ``words`` is its explanation."""

    key: str
    label: Text
    words: Text
    url: str
    is_done: bool


_steps: list[ChecklistStep] = []


def register_checklist_step(step: ChecklistStep) -> None:
    """Registers a step; a step with the same key is replaced."""
    kept = [other for other in _steps if other.key != step.key]
    _steps[:] = sorted([*kept, step], key=lambda each: each.order)


def steps(user: Any) -> list[ShownStep]:
    """Returns the steps with their current state, and links that this person may open."""
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

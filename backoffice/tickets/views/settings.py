"""The administration pages of return reasons and service goals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.tickets import queries
from backoffice.tickets.actions import settings as actions
from backoffice.tickets.models import ReasonToReturn, ServiceGoal
from backoffice.tickets.models.reference import MINUTES_AN_HOUR
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Department, Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.edit_conflict import VersionField, differences, take_newer, touched
from officeflow.ui.forms import show_refusal
from officeflow.ui.numbers import NumberField

METHODS = ["GET", "HEAD", "POST"]
FIELDS = ("label", "department", "position", "is_active")


class ReturnReasonForm(forms.Form):
    """The changeable fields of a return reason."""

    version = VersionField(required=False)
    label = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter a name for the reason.")},
    )
    department = forms.ChoiceField(
        label=gettext_lazy("Who can choose it"),
        required=False,
        choices=[("", gettext_lazy("Every department")), *Department.choices],
    )
    position = forms.IntegerField(
        label=gettext_lazy("Position in the list"),
        min_value=0,
        max_value=9999,
        initial=100,
        error_messages={"required": gettext_lazy("Enter a number. The lowest comes first.")},
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)


class NewReturnReasonForm(ReturnReasonForm):
    """A new return reason with its code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=30,
        error_messages={"required": gettext_lazy("Enter a code, for example colour_unclear.")},
    )
    field_order = ("label", "code", "department", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"], self.fields["version"]


@require_safe
@requires(Permission.MANAGE_OFFICE)
def reasons(request: StaffRequest) -> HttpResponse:
    """Lists all return reasons."""
    return render(request, "backoffice/tickets/reasons.html", {"reasons": queries.all_reasons()})


@require_http_methods(METHODS)
@requires(Permission.MANAGE_OFFICE)
def reason_new(request: StaffRequest) -> HttpResponse:
    """Adds a return reason."""
    form = NewReturnReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_reason(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The reason is added."))
            return redirect("tickets:reasons")
    context = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "backoffice/tickets/reason.html", context, status=status)


@require_http_methods(METHODS)
@requires(Permission.MANAGE_OFFICE)
def reason(request: StaffRequest, code: str) -> HttpResponse:
    """Changes a return reason."""
    found = get_object_or_404(ReasonToReturn, code=code)
    form = ReturnReasonForm(
        request.POST if request.method == "POST" else None, initial=_values(found)
    )
    context: dict[str, Any] = {"form": form, "reason": found}
    if form.is_valid():
        typed = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        try:
            actions.change_reason(actor=request.user, code=code, **typed)
        except Refused as refused:
            show_refusal(form, refused)
        except StaleRecord as stale:
            context |= differences(form, stale, _values)
            return render(request, "backoffice/tickets/reason.html", context, status=409)
        else:
            messages.success(request, _("The reason is saved."))
            return redirect("tickets:reasons")
    status = 422 if form.errors else 200
    return render(request, "backoffice/tickets/reason.html", context, status=status)


def _values(reason: ReasonToReturn) -> dict[str, Any]:
    return {name: getattr(reason, name) for name in ("version", *FIELDS)}


def goal_hours(goal: ServiceGoal) -> Decimal:
    """Returns a goal in hours, to the hundredth."""
    hours = (Decimal(goal.minutes) / MINUTES_AN_HOUR).quantize(Decimal("0.01")).normalize()
    return Decimal(f"{hours:f}")


class GoalForm(forms.Form):
    """A service goal in hours of opening time."""

    version = VersionField()
    hours = NumberField(
        min_value=Decimal("0.05"),
        max_value=Decimal(2160),
        max_digits=7,
        decimal_places=2,
    )

    def __init__(self, goal: ServiceGoal, data: Any = None) -> None:
        self.goal = goal
        super().__init__(
            data,
            prefix=f"{goal.department}-{goal.kind}{goal.severity}",
            initial={"version": goal.version, "hours": goal_hours(goal)},
        )
        self.fields["hours"].label = self.name
        self.fields["hours"].error_messages["required"] = _(
            "Enter the hours for %(department)s."
        ) % {"department": goal.get_department_display()}

    @property
    def name(self) -> str:
        """The kind of work, with the severity of a complaint."""
        if self.goal.severity:
            return f"{self.goal.get_kind_display()}, {self.goal.get_severity_display().lower()}"
        return str(self.goal.get_kind_display())

    @property
    def is_changed(self) -> bool:
        """Whether a valid form has other hours than the page showed."""
        return touched(self, "hours") is not False and self.minutes != self.goal.minutes

    def refresh_goal(self) -> None:
        """Sets the version to the current one, and unchanged hours to the current goal."""
        take_newer(self, {"version": self.goal.version, "hours": goal_hours(self.goal)})

    @property
    def minutes(self) -> int:
        """The hours of a valid form in minutes."""
        return int((self.cleaned_data["hours"] * MINUTES_AN_HOUR).to_integral_value())


@require_http_methods(METHODS)
@requires(Permission.MANAGE_OFFICE)
def goals(request: StaffRequest) -> HttpResponse:
    """Changes the service goals of all departments."""
    data = request.POST if request.method == "POST" else None
    found = [GoalForm(goal, data) for goal in queries.all_goals()]
    status = 200
    if data is not None:
        valid = [form.is_valid() for form in found]
        if all(valid):
            if _save_goals(request, found):
                return redirect("tickets:goals")
            for form in found:
                form.refresh_goal()
        status = 422
    departments = [
        (department, [form for form in found if form.goal.department == department])
        for department in Department
    ]
    context = {
        "forms": [form for _department, forms_there in departments for form in forms_there],
        "departments": [each for each in departments if each[1]],
    }
    return render(request, "backoffice/tickets/goals.html", context, status=status)


def _save_goals(request: StaffRequest, found: list[GoalForm]) -> bool:
    """Saves all changed goals or none; returns False when a form has an error."""
    changed = [form for form in found if form.is_changed]
    if not changed:
        messages.info(request, _("Nothing was changed."))
        return True
    with transaction.atomic():
        for form in changed:
            if not _save_goal(request, form):
                transaction.set_rollback(True)
                return False
    messages.success(request, _("Saved. The goals apply to new tickets."))
    return True


def _save_goal(request: StaffRequest, form: GoalForm) -> bool:
    try:
        actions.change_goal(
            actor=request.user,
            goal=form.goal,
            version=form.cleaned_data["version"],
            minutes=form.minutes,
        )
    except Refused as refused:
        form.add_error("hours", refused.message)
    except StaleRecord as stale:
        form.goal = stale.theirs
        form.add_error(
            "hours",
            _("A colleague has changed this to %(hours)s. Save again to use your value.")
            % {"hours": number_format(goal_hours(stale.theirs))},
        )
    else:
        return True
    return False

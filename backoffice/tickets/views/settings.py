"""Administration: reasons to return a ticket, and every department's goals."""

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


class ReasonForm(forms.Form):
    """A reason as it stands, to be changed."""

    version = VersionField(required=False)
    label = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter the reason in words.")},
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


class NewReasonForm(ReasonForm):
    """A new reason, with the code by which programs know it."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=30,
        error_messages={
            "required": gettext_lazy("Enter a code. Programs use it to name the reason.")
        },
    )
    field_order = ("label", "code", "department", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"], self.fields["version"]


@require_safe
@requires(Permission.MANAGE_OFFICE)
def reasons(request: StaffRequest) -> HttpResponse:
    """Every reason to return a ticket."""
    return render(request, "backoffice/tickets/reasons.html", {"reasons": queries.all_reasons()})


@require_http_methods(METHODS)
@requires(Permission.MANAGE_OFFICE)
def reason_new(request: StaffRequest) -> HttpResponse:
    """A reason more."""
    form = NewReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_reason(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The reason is added."))
            return redirect("tickets:reasons")
    context = {"form": form}
    status = 400 if form.errors else 200
    return render(request, "backoffice/tickets/reason.html", context, status=status)


@require_http_methods(METHODS)
@requires(Permission.MANAGE_OFFICE)
def reason(request: StaffRequest, code: str) -> HttpResponse:
    """Changes a reason for what is returned from now on."""
    found = get_object_or_404(ReasonToReturn, code=code)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial=_values(found))
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
    status = 400 if form.errors else 200
    return render(request, "backoffice/tickets/reason.html", context, status=status)


def _values(reason: ReasonToReturn) -> dict[str, Any]:
    return {name: getattr(reason, name) for name in ("version", *FIELDS)}


def hours_of(goal: ServiceGoal) -> Decimal:
    """A goal in hours, to the hundredth."""
    hours = (Decimal(goal.minutes) / MINUTES_AN_HOUR).quantize(Decimal("0.01")).normalize()
    return Decimal(f"{hours:f}")


class GoalForm(forms.Form):
    """One goal, in hours of opening time."""

    version = VersionField()
    hours = NumberField(
        min_value=Decimal("0.05"),
        max_value=Decimal(2160),
        max_digits=7,
        decimal_places=2,
        error_messages={"required": gettext_lazy("Enter a number of hours.")},
    )

    def __init__(self, goal: ServiceGoal, data: Any = None) -> None:
        self.goal = goal
        super().__init__(
            data,
            prefix=f"{goal.department}-{goal.kind}{goal.severity}",
            initial={"version": goal.version, "hours": hours_of(goal)},
        )
        self.fields["hours"].label = self.name

    @property
    def name(self) -> str:
        """What the goal is for."""
        if self.goal.severity:
            return f"{self.goal.get_kind_display()}: {self.goal.get_severity_display()}"
        return str(self.goal.get_kind_display())

    @property
    def is_touched(self) -> bool:
        """Whether other hours were typed than the page showed; of a valid form."""
        return touched(self, "hours") is not False and self.minutes != self.goal.minutes

    def show_now(self) -> None:
        """Saving again goes by the goal as it stands; hours that nobody typed become its own."""
        take_newer(self, {"version": self.goal.version, "hours": hours_of(self.goal)})

    @property
    def minutes(self) -> int:
        """The typed hours in minutes; of a valid form."""
        return int((self.cleaned_data["hours"] * MINUTES_AN_HOUR).to_integral_value())


@require_http_methods(METHODS)
@requires(Permission.MANAGE_OFFICE)
def goals(request: StaffRequest) -> HttpResponse:
    """Within how much opening time each department wants each kind of work done."""
    data = request.POST if request.method == "POST" else None
    found = [GoalForm(goal, data) for goal in queries.all_goals()]
    status = 200
    if data is not None:
        valid = [form.is_valid() for form in found]
        if all(valid):
            if _save_goals(request, found):
                return redirect("tickets:goals")
            for form in found:
                form.show_now()
        status = 400
    departments = [
        (department, [form for form in found if form.goal.department == department])
        for department in Department
    ]
    context = {"forms": found, "departments": [each for each in departments if each[1]]}
    return render(request, "backoffice/tickets/goals.html", context, status=status)


def _save_goals(request: StaffRequest, found: list[GoalForm]) -> bool:
    """Saves what was changed, all or nothing; False when a form has something to say."""
    changed = [form for form in found if form.is_touched]
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
            % {"hours": number_format(hours_of(stale.theirs))},
        )
    else:
        return True
    return False

"""Changing return reasons and service goals."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from backoffice.tickets.models import ReasonToReturn, ServiceGoal
from officeflow.audit.actions import record
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Department
from officeflow.staff.models import User

CODE = re.compile(r"^[a-z][a-z0-9_]{1,29}$")
LABEL_LENGTH = 80
MAX_MINUTES = 60 * 24 * 90


class SettingRefused(Refused):
    """A return reason or a service goal is not valid."""


@transaction.atomic
def add_reason(
    *, actor: User, code: str, label: str, department: str = "", position: int = 100
) -> ReasonToReturn:
    """Adds a return reason, for one department or (`department` "") for all.

    Raises `SettingRefused`.
    """
    code = code.strip().lower()
    if not CODE.match(code) or code == "new":
        raise SettingRefused(
            _("Use lower-case letters, digits and underscores, for example colour_unclear."), "code"
        )
    label = _label(label)
    _check_department(department)
    try:
        with transaction.atomic():
            reason = ReasonToReturn.objects.create(
                code=code, label=label, department=department, position=position
            )
    except IntegrityError:
        raise SettingRefused(
            _("There is already a reason with this code. Choose another code."), "code"
        ) from None
    record(
        actor=actor,
        action="add_return_reason",
        subject_kind="return_reason",
        subject=code,
        changes={"label": (None, label), "department": (None, department)},
    )
    return reason


@transaction.atomic
def change_reason(
    *,
    actor: User,
    code: str,
    version: int,
    label: str,
    department: str,
    position: int,
    is_active: bool,
) -> ReasonToReturn:
    """Changes a return reason; tickets returned before keep the earlier label.

    Raises `SettingRefused`, and `StaleRecord` when `version` is no longer current.
    """
    label = _label(label)
    _check_department(department)
    before = ReasonToReturn.objects.get(code=code)
    updated = ReasonToReturn.objects.filter(code=code, version=version).update(
        label=label,
        department=department,
        position=position,
        is_active=is_active,
        version=F("version") + 1,
    )
    after = ReasonToReturn.objects.get(code=code)
    if not updated:
        raise StaleRecord(after)
    names = ("label", "department", "position", "is_active")
    changes = {
        name: (getattr(before, name), getattr(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    }
    if changes:
        record(
            actor=actor,
            action="change_return_reason",
            subject_kind="return_reason",
            subject=code,
            changes=changes,
        )
    return after


@transaction.atomic
def change_goal(*, actor: User, goal: ServiceGoal, version: int, minutes: int) -> ServiceGoal:
    """Changes a service goal to `minutes` of opening time; open tickets keep their due times.

    Raises `SettingRefused`, and `StaleRecord` when `version` is no longer current.
    """
    if not 0 < minutes <= MAX_MINUTES:
        raise SettingRefused(_("Enter a time between one minute and 90 days."), "hours")
    updated = ServiceGoal.objects.filter(pk=goal.pk, version=version).update(
        minutes=minutes, version=F("version") + 1
    )
    after = ServiceGoal.objects.get(pk=goal.pk)
    if not updated:
        raise StaleRecord(after)
    record(
        actor=actor,
        action="change_goal",
        subject_kind="goal",
        subject=" ".join(filter(None, (goal.department, goal.kind, goal.severity))),
        changes={"minutes": (goal.minutes, minutes)},
    )
    return after


def _label(label: str) -> str:
    label = " ".join(label.split())
    if not label:
        raise SettingRefused(_("Enter a name for the reason."), "label")
    if len(label) > LABEL_LENGTH:
        raise SettingRefused(
            _("The name is too long. Use at most %(count)d characters.") % {"count": LABEL_LENGTH},
            "label",
        )
    return label


def _check_department(department: str) -> None:
    if department and department not in Department.values:
        raise SettingRefused(_("This department does not exist."), "department")

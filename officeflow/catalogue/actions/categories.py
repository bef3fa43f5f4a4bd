"""Writes of categories."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.catalogue.actions.duplicates import refuse_duplicates
from officeflow.catalogue.models import Category
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User
from officeflow.text import name_key


@transaction.atomic
def add_category(*, actor: User | None, name: str) -> Category:
    """Adds a category. Raises `Refused` for a name that is taken, empty or too long."""
    category = Category(name=_checked(name, None))
    with refuse_duplicates():
        category.save(force_insert=True)
    record(
        actor=actor,
        action="add_category",
        subject_kind="category",
        subject=category.name,
        changes={"name": (None, category.name)},
    )
    return category


def get_or_add_category(*, actor: User | None, name: str) -> Category:
    """Returns the category of that name, and adds it when it does not exist.

    Part of an action about a product. Raises `Refused`, also for an inactive category.
    """
    wanted = name_key(name)
    for category in Category.objects.all():
        if name_key(category.name) == wanted:
            if not category.is_active:
                raise Refused(
                    _("%(name)s is no longer available for new products.")
                    % {"name": category.name},
                    "new_category",
                )
            return category
    try:
        return add_category(actor=actor, name=name)
    except Refused as refused:
        raise Refused(refused.message, "new_category") from refused


@transaction.atomic
def change_category(
    *, actor: User, category: Category, version: int, name: str, is_active: bool
) -> Category:
    """Renames or deactivates a category. An inactive one stays with its products.

    Raises `StaleRecord` when `version` is not the current one, and `Refused`.
    """
    current = Category.objects.select_for_update().get(pk=category.pk)
    if current.version != version:
        raise StaleRecord(current)
    name = _checked(name, current)
    wanted = {"name": name, "is_active": is_active}
    changes = {
        field: (getattr(current, field), value)
        for field, value in wanted.items()
        if getattr(current, field) != value
    }
    if not changes:
        return current
    before = current.name
    current.name, current.is_active = name, is_active
    current.version += 1
    with refuse_duplicates():
        current.save()
    record(
        actor=actor,
        action="change_category",
        subject_kind="category",
        subject=before,
        changes=changes,
    )
    return current


def _checked(name: str, itself: Category | None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise Refused(_("Enter a name of up to 60 characters."), "name")
    others = Category.objects.all() if itself is None else Category.objects.exclude(pk=itself.pk)
    # Names must differ in more than case and accents, which imports ignore.
    names_by_key = {name_key(each): each for each in others.values_list("name", flat=True)}
    if (found := names_by_key.get(name_key(name))) is not None:
        raise Refused(
            _("There is already a category %(name)s. Choose another name.") % {"name": found},
            "name",
        )
    return name

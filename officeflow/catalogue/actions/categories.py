"""Writes about the shelves that products stand on."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.catalogue.actions.taken import taken_in_words
from officeflow.catalogue.models import Category
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User
from officeflow.text import name_key


@transaction.atomic
def add_category(*, actor: User | None, name: str) -> Category:
    """A new shelf. Raises `Refused` for a name that is taken, empty or too long."""
    category = Category(name=_checked(name, None))
    with taken_in_words():
        category.save(force_insert=True)
    record(
        actor=actor,
        action="add_category",
        subject_kind="category",
        subject=category.name,
        changes={"name": (None, category.name)},
    )
    return category


def category_called(*, actor: User | None, name: str) -> Category:
    """The shelf of that name, a new one where there is none. Part of an action about a product.

    Raises `Refused`, also for one that is offered to no new product.
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
    """Renames a category, or offers it to no new product; products keep it.

    Raises `StaleRecord` when somebody was faster, and `Refused`.
    """
    current = Category.objects.select_for_update().get(pk=category.pk)
    if current.version != version:
        raise StaleRecord(current)
    called = _checked(name, current)
    wanted = {"name": called, "is_active": is_active}
    changes = {
        field: (getattr(current, field), value)
        for field, value in wanted.items()
        if getattr(current, field) != value
    }
    if not changes:
        return current
    before = current.name
    current.name, current.is_active = called, is_active
    current.version += 1
    with taken_in_words():
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
    called = " ".join(name.split())
    if not called or len(called) > 60:
        raise Refused(_("Enter a name of up to 60 characters."), "name")
    others = Category.objects.all() if itself is None else Category.objects.exclude(pk=itself.pk)
    # Files name shelves without minding capitals and accents, so these do not tell two apart.
    alike = {name_key(each): each for each in others.values_list("name", flat=True)}
    if (found := alike.get(name_key(called))) is not None:
        raise Refused(_("There is already a category %(name)s.") % {"name": found}, "name")
    return called

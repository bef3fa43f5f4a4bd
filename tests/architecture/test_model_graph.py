"""What the tables point at: foreign keys keep to the walls that imports keep to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

FRONT = {"frontdesk"}
BACK = {"tickets", "warehouse", "fulfilment", "accounting", "hr"}
SIBLINGS = {"fulfilment", "accounting", "hr"}
SHARED = {
    "administration",
    "company",
    "staff",
    "catalogue",
    "audit",
    "idempotency",
    "handoff",
    "imports",
} | {
    "attachments",
    "mail",
}
OURS = FRONT | BACK | SHARED

# What each app's tables may point at, besides themselves.
MAY_POINT_AT = {
    "audit": {"staff"},
    "idempotency": {"staff"},
    "company": set(),
    "administration": {"staff"},
    "staff": {"company", "auth"},  # auth: Django's own groups and permissions
    "catalogue": {"company", "staff"},
    "imports": {"company", "staff"},
    "handoff": {"staff"},
    "attachments": {"staff"},
    "mail": {"staff", "handoff"},
    "frontdesk": {"company", "staff", "catalogue"},
    "tickets": {"company", "staff", "catalogue", "handoff"},
    "fulfilment": {"company", "staff", "catalogue", "handoff", "tickets"},
    "accounting": {"company", "staff", "catalogue", "handoff", "tickets"},
    "hr": {"company", "staff", "catalogue", "handoff", "tickets"},
}


def arrows(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    """Each relation that a table holds, with what it points at."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        target = field.related_model
        if isinstance(target, type) and issubclass(target, Model):
            yield f"{model._meta.label}.{field.name}", target


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def crossings(allowed: dict[str, set[str]]) -> list[str]:
    return [
        f"{name} → {target._meta.label}"
        for model in our_models()
        for name, target in arrows(model)
        if target._meta.app_label != model._meta.app_label
        and target._meta.app_label not in allowed[model._meta.app_label]
    ]


def test_no_foreign_key_crosses_a_wall() -> None:
    assert crossings(MAY_POINT_AT) == []


def test_a_crossing_would_be_seen() -> None:
    assert crossings({**MAY_POINT_AT, "frontdesk": {"company", "catalogue"}}) != []


@pytest.mark.parametrize("label", sorted(SIBLINGS))
def test_departments_are_not_allowed_to_point_at_each_other(label: str) -> None:
    assert not MAY_POINT_AT[label] & (SIBLINGS | FRONT)


def test_the_trail_points_only_at_the_people() -> None:
    targets = {
        target._meta.label
        for model in apps.get_app_config("audit").get_models()
        for _name, target in arrows(model)
    }
    assert targets == {settings.AUTH_USER_MODEL}


def test_every_table_of_ours_is_in_an_app_of_the_map() -> None:
    outside = {"admin", "auth", "axes", "contenttypes", "knox", "pgtrigger", "sessions"}
    labels = {model._meta.app_label for model in apps.get_models()}
    assert labels - outside <= OURS


def test_nothing_is_deleted_with_what_it_points_at() -> None:
    cascades = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if getattr(getattr(field, "remote_field", None), "on_delete", None) is not None
        and field.remote_field.on_delete.__name__ == "CASCADE"
    ]
    assert cascades == []

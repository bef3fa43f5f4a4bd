"""Foreign keys cross no boundary that imports may not cross."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

DEPARTMENTS = {"fulfilment", "accounting", "hr"}
# The apps to which each app's foreign keys may point, besides itself.
ALLOWED = {
    "audit": {"staff"},
    "idempotency": {"staff"},
    "company": set(),
    "rollups": set(),
    "administration": {"staff"},
    "staff": {"company", "auth"},  # auth: Django's own groups and permissions
    "catalogue": {"company", "staff"},
    "imports": {"company", "staff"},
    "handoff": {"staff"},
    "attachments": {"staff"},
    "drafts": {"staff"},
    "second_factor": {"staff"},
    "mail": {"staff", "handoff"},
    "frontdesk": {"company", "staff", "catalogue"},
    "tickets": {"company", "staff", "catalogue", "handoff"},
    "fulfilment": {"company", "staff", "catalogue", "handoff", "tickets"},
    "accounting": {"company", "staff", "catalogue", "handoff", "tickets"},
    "hr": {"company", "staff", "catalogue", "handoff", "tickets"},
}
OWN_APPS = ALLOWED.keys()


def relations(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    """Yields the name and the target of each relation of a model."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        target = field.related_model
        if isinstance(target, type) and issubclass(target, Model):
            yield f"{model._meta.label}.{field.name}", target


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]


def forbidden_relations(allowed: dict[str, set[str]]) -> list[str]:
    return [
        f"{name} → {target._meta.label}"
        for model in own_models()
        for name, target in relations(model)
        if target._meta.app_label != model._meta.app_label
        and target._meta.app_label not in allowed[model._meta.app_label]
    ]


def test_foreign_keys_point_to_allowed_apps() -> None:
    assert forbidden_relations(ALLOWED) == []


def test_a_forbidden_foreign_key_is_found() -> None:
    assert forbidden_relations({**ALLOWED, "frontdesk": {"company", "catalogue"}}) != []


@pytest.mark.parametrize("label", sorted(DEPARTMENTS))
def test_departments_may_not_point_to_each_other_or_the_front_desk(label: str) -> None:
    assert not ALLOWED[label] & (DEPARTMENTS | {"frontdesk"})


def test_the_audit_trail_points_to_users_only() -> None:
    targets = {
        target._meta.label
        for model in apps.get_app_config("audit").get_models()
        for _name, target in relations(model)
    }
    assert targets == {settings.AUTH_USER_MODEL}


def test_every_app_with_models_is_listed() -> None:
    others = {"admin", "auth", "axes", "contenttypes", "knox", "pgtrigger", "sessions"}
    labels = {model._meta.app_label for model in apps.get_models()}
    assert labels - others <= OWN_APPS


def test_no_foreign_key_deletes_in_cascade() -> None:
    cascades = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.local_fields
        if getattr(getattr(field, "remote_field", None), "on_delete", None) is not None
        and field.remote_field.on_delete.__name__ == "CASCADE"
    ]
    assert cascades == []

"""Every text, number and date of a form, a request body or a contract has a limit."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Annotated, Any, get_args, get_origin

import pytest
from django import forms
from rest_framework import serializers

from officeflow.api.bodies import KnownFields
from officeflow.api.fields import DayField as BodyDayField
from officeflow.handoff.contracts import CONTRACTS, hints_of
from officeflow.ui.fields import DayField, MomentField
from tests.architecture.test_conventions import PACKAGES

SKIPPED = {"migrations", "management", "local", "wsgi", "pytest_plugin"}


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _ours(kind: type[Any]) -> list[type[Any]]:
    """Returns our subclasses of a framework's class, after importing every module."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not SKIPPED & set(found.name.split(".")):
                importlib.import_module(found.name)
    names = tuple(package.__name__ for package in PACKAGES)
    return sorted(
        {each for each in _below(kind) if each.__module__.split(".")[0] in names},
        key=lambda each: (each.__module__, each.__name__),
    )


def _is_limited(field: forms.Field) -> bool:
    if isinstance(field, forms.UUIDField):
        return True
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return field.max_value is not None
    if isinstance(field, forms.DateField | forms.DateTimeField):
        return isinstance(field, DayField | MomentField)
    if isinstance(field, forms.CharField):
        return field.max_length is not None
    return True


def _is_limited_in_body(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    if field.read_only or isinstance(field, serializers.ChoiceField | serializers.UUIDField):
        return True
    if isinstance(field, serializers.IntegerField):
        return field.max_value is not None
    if isinstance(field, serializers.DecimalField):
        return field.max_digits is not None
    if isinstance(field, serializers.DateField | serializers.DateTimeField):
        return isinstance(field, BodyDayField)
    if isinstance(field, serializers.ListField):
        return field.max_length is not None and _is_limited_in_body(field.child)
    if isinstance(field, serializers.CharField):
        return field.max_length is not None
    return True


def test_every_field_of_a_form_has_a_limit() -> None:
    unlimited = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _ours(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        # The framework's sign-in and password fields get their limits when a form is made.
        if not _is_limited(field) and form.__name__ not in ("SignInForm", "OwnPasswordForm")
    ]
    assert not unlimited


def test_every_field_of_a_body_has_a_limit() -> None:
    unlimited = [
        f"{body.__module__}.{body.__name__}.{name}"
        for body in _ours(KnownFields)
        if issubclass(body, serializers.Serializer)
        for name, field in body().fields.items()
        if not _is_limited_in_body(field)
    ]
    assert not unlimited


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_every_field_of_a_contract_has_a_limit(name: str) -> None:
    assert not list(_unlimited(CONTRACTS[name], name))


def _unlimited(hint: Any, path: str) -> Iterator[str]:
    if get_origin(hint) is Annotated:
        return
    if is_dataclass(hint) and isinstance(hint, type):
        for name, inner in hints_of(hint).items():
            yield from _unlimited(inner, f"{path}.{name}")
        return
    if hint in (str, int) or getattr(hint, "__name__", "") in ("Decimal", "date", "datetime"):
        yield path
    for inner in get_args(hint):
        yield from _unlimited(inner, path)

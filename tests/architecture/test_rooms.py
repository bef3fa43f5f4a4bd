"""The rooms keep the house rules: writes in actions, named arguments, words for everything."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from django.apps import apps

import backoffice
import frontdesk
import officeflow

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (officeflow, frontdesk, backoffice)
# Not rooms: what starts and supervises the house, and what Django finds by itself.
SKIPPED = ("migrations", "management", "local")
OUR_APPS = {"company", "staff", "catalogue", "audit", "idempotency", "handoff", "frontdesk"} | {
    "tickets",
    "fulfilment",
    "accounting",
    "hr",
    "intake",
    "attachments",
    "mail",
}


def sources() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted(Path(package.__path__[0]).rglob("*.py"))
        if not set(path.relative_to(ROOT).parts) & {*SKIPPED, "__pycache__"}
    ]


def actions() -> Iterator[tuple[str, FunctionType]]:
    """Every public function that is written in an `actions` module of the house."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            parts = found.name.split(".")
            if "actions" in parts and not set(parts) & set(SKIPPED):
                yield from public_functions(importlib.import_module(found.name))


def public_functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    for name, thing in vars(module).items():
        function = inspect.unwrap(thing) if callable(thing) else None
        if (
            isinstance(function, FunctionType)
            and not name.startswith("_")
            and function.__module__ == module.__name__
        ):
            yield f"{module.__name__}.{name}", function


# These look and explain; they write nothing.
LOOKERS = {
    "backoffice.tickets.actions.moving.check_may_work",
    "backoffice.tickets.actions.moving.explain",
    "backoffice.tickets.actions.moving.may_direct",
    "backoffice.tickets.actions.moving.explain_holder",
    "backoffice.tickets.actions.priority.may_prioritise",
}


def test_whoever_acts_is_named() -> None:
    """`actor` is keyword-only wherever something is written: nobody mistakes who did it."""
    found = [(name, inspect.signature(function)) for name, function in actions()]
    assert len(found) > 40
    wrong = [
        name
        for name, signature in found
        if name not in LOOKERS
        and "actor" in signature.parameters
        and signature.parameters["actor"].kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    assert wrong == []


def test_every_table_says_what_it_is() -> None:
    silent = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS
        # Django writes "Model(field, …)" where nobody has said anything.
        and (model.__doc__ or "").startswith(f"{model.__name__}(")
    ]
    assert silent == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_small_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "the file needs a docstring"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_public_things_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text())
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize(
    "path",
    [path for path in sources() if path.name in {"views.py", "api.py", "admin.py", "queries.py"}],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_readers_do_not_write(path: Path) -> None:
    """Views, endpoints and queries leave `save`, `create`, `update` and `delete` to actions."""
    writes = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
    found = [
        f"{node.func.attr} (line {node.lineno})"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in writes
    ]
    assert found == []

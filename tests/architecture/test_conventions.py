"""Actions take their actor by keyword, and modules that only read do not write."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

import backoffice
import frontdesk
import officeflow

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (officeflow, frontdesk, backoffice)
# Prefixes of functions in an actions module that write nothing.
QUESTIONS = ("check_", "explain", "may_")
# A module only reads when its name, or that of a folder above it, has one of these words.
READERS = {"admin", "api", "exports", "forms", "navigation", "queries", "reports", "urls", "views"}
WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update_or_create",
}
WRITING_SQL = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|TRUNCATE)\b")


def actions() -> Iterator[tuple[str, FunctionType]]:
    """Yields every public function that is defined in an `actions` module."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "actions" not in found.name.split("."):
                continue
            for name, thing in vars(importlib.import_module(found.name)).items():
                function = inspect.unwrap(thing) if callable(thing) else None
                if (
                    isinstance(function, FunctionType)
                    and function.__module__ == found.name
                    and not name.startswith(("_", *QUESTIONS))
                ):
                    yield f"{found.name}.{name}", function


def readers() -> list[Path]:
    """Returns every module that only reads."""
    return [
        path
        for package in PACKAGES
        for path in sorted(Path(package.__path__[0]).rglob("*.py"))
        if "actions" not in path.parts
        and READERS & set(re.split(r"[/_.]", str(path.relative_to(ROOT))))
    ]


def writes(source: str) -> Iterator[str]:
    """Yields the writes to the database in a module's source, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for statement in WRITING_SQL.findall(node.value):
                yield f"{statement} (line {node.lineno})"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            # A queryset's `update` takes keywords only, a dictionary's a positional argument.
            is_update = name == "update" and not node.args
            if name in WRITES or is_update:
                yield f"{name} (line {node.lineno})"


def test_actions_take_their_actor_by_keyword() -> None:
    """`actor` is keyword-only, so that it cannot be confused with another user."""
    found = [(name, inspect.signature(function)) for name, function in actions()]
    assert len(found) > 40
    wrong = [
        name
        for name, signature in found
        if "actor" in signature.parameters
        and signature.parameters["actor"].kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    assert wrong == []


def test_modules_that_only_read_do_not_write() -> None:
    """Pages, endpoints, queries and reports leave every write to an action."""
    found = readers()
    assert len(found) > 100
    wrong = [
        f"{path.relative_to(ROOT)}: {write}" for path in found for write in writes(path.read_text())
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    [
        "order.save()",
        "Order.objects.create(number=number)",
        "Order.objects.filter(pk=1).update(state='placed')",
        "Order.objects.all().delete()",
        "cursor.execute('INSERT INTO orders VALUES (1)')",
        "cursor.execute(f'UPDATE orders SET {column} = 1')",
    ],
)
def test_a_write_is_found(source: str) -> None:
    assert list(writes(source))


@pytest.mark.parametrize(
    "source",
    [
        "context.update(more)",
        "Order.objects.select_for_update().get()",
        "cursor.execute('SELECT 1 FROM orders FOR UPDATE')",
    ],
)
def test_a_read_passes(source: str) -> None:
    assert not list(writes(source))

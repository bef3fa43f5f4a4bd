"""Contracts change only so that two versions of the office can run at once.

`contract_shapes.json` is what they looked like when last looked at. After a change that the rules
allow, write it anew:

    .venv/bin/python -m tests.handoff.test_contract_shapes
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, ClassVar, get_args, get_type_hints

from officeflow.handoff.contracts import CONTRACTS, Contract, OrderCancelled

RECORD = Path(__file__).with_name("contract_shapes.json")
Shape = dict[str, Any]


def shape_of(kind: type[Any]) -> Shape:
    """Returns each field's type as text; with a default it ends in a question mark."""
    shape: Shape = {}
    hints = get_type_hints(kind)
    for field in fields(kind):
        is_optional = field.default is not MISSING or field.default_factory is not MISSING
        words = str(hints[field.name]).replace("officeflow.handoff.contracts.", "")
        # A type with a limit that may be null is the same type as without.
        words = re.sub(r"typing\.Optional\[(.+)\]", r"\1 | None", words)
        if isinstance(hints[field.name], type) and not get_args(hints[field.name]):
            words = hints[field.name].__name__
        shape[field.name] = words + ("?" if is_optional else "")
    return shape


def parts_of(kind: type[Any]) -> set[type[Any]]:
    """Returns the dataclasses in the types of its fields."""
    found: set[type[Any]] = set()

    def look(hint: Any) -> None:
        if is_dataclass(hint) and isinstance(hint, type) and hint not in found:
            found.add(hint)
            for inner in get_type_hints(hint).values():
                look(inner)
        for inner in get_args(hint):
            look(inner)

    for name, hint in get_type_hints(kind).items():
        if name != "version":
            look(hint)
    return found


def shapes() -> dict[str, Shape]:
    """Returns the shape of each contract, and of the dataclasses in it."""
    return {
        name: {
            "version": kind.version,
            "fields": shape_of(kind),
            "parts": {part.__name__: shape_of(part) for part in sorted(parts_of(kind), key=str)},
        }
        for name, kind in sorted(CONTRACTS.items())
    }


def forbidden_changes(name: str, before: Shape, now: Shape) -> list[str]:
    """Returns the changes that a worker of the version before could not read."""
    if now == before:
        return []
    changes = []
    pairs = [(before["fields"], now["fields"])]
    pairs += [(fields, now["parts"].get(part, {})) for part, fields in before["parts"].items()]
    for old, new in pairs:
        changes += [f"{name}.{field} was removed" for field in old.keys() - new.keys()]
        changes += [
            f"{name}.{field} was {old[field]} and is {new[field]}"
            for field in old.keys() & new.keys()
            if old[field].rstrip("?") != new[field].rstrip("?") or old[field] == f"{new[field]}?"
        ]
        changes += [
            f"{name}.{field} is new and has no default"
            for field in new.keys() - old.keys()
            if not new[field].endswith("?")
        ]
    if now["version"] <= before["version"]:
        changes.append(f"{name} has changed and is still version {before['version']}")
    return changes


def test_contracts_only_grow_and_their_version_with_them() -> None:
    recorded, now = json.loads(RECORD.read_text()), shapes()
    changes = [
        words
        for name, before in recorded.items()
        for words in (
            forbidden_changes(name, before, now[name]) if name in now else [f"{name} was removed"]
        )
    ]
    assert changes == [], "an old worker cannot read this: make it a new contract"
    assert recorded == now, "allowed, and to be recorded: see the top of this file"


@dataclass(frozen=True, kw_only=True)
class Reworded(Contract):
    """Yields `OrderCancelled` after each kind of forbidden change."""

    version: ClassVar[int] = OrderCancelled.version

    order_number: int
    reason: str = ""
    wrapped_in: str


def test_the_check_finds_forbidden_changes() -> None:
    before = shapes()["OrderCancelled"]
    now = {"version": Reworded.version, "fields": shape_of(Reworded), "parts": {}}
    assert sorted(forbidden_changes("It", before, now)) == [
        "It has changed and is still version 2",
        "It.cancelled_at was removed",
        "It.cancelled_by_name was removed",
        "It.order_number was str and is int",
        "It.wrapped_in is new and has no default",
    ]


if __name__ == "__main__":
    RECORD.write_text(json.dumps(shapes(), indent=1) + "\n")

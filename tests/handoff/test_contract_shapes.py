"""Contracts grow as two versions of the office at once can bear it.

`contract_shapes.json` is what they looked like when last looked at. After a change that the rules
allow, write it anew:

    .venv/bin/python -m tests.handoff.test_contract_shapes
"""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, ClassVar, get_args, get_type_hints

from officeflow.handoff.contracts import CONTRACTS, Contract, OrderCancelled

RECORD = Path(__file__).with_name("contract_shapes.json")
Shape = dict[str, Any]


def shape_of(kind: type[Any]) -> Shape:
    """Each field's type in words; one with a default ends in a question mark."""
    told: Shape = {}
    hints = get_type_hints(kind)
    for field in fields(kind):
        is_optional = field.default is not MISSING or field.default_factory is not MISSING
        words = str(hints[field.name]).replace("officeflow.handoff.contracts.", "")
        if isinstance(hints[field.name], type) and not get_args(hints[field.name]):
            words = hints[field.name].__name__
        told[field.name] = words + ("?" if is_optional else "")
    return told


def parts_of(kind: type[Any]) -> set[type[Any]]:
    """The dataclasses that its fields are made of."""
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
    """Of each contract, with those of its parts."""
    return {
        name: {
            "version": kind.version,
            "fields": shape_of(kind),
            "parts": {part.__name__: shape_of(part) for part in sorted(parts_of(kind), key=str)},
        }
        for name, kind in sorted(CONTRACTS.items())
    }


def complaints(name: str, before: Shape, now: Shape) -> list[str]:
    """What a worker of the version before could not bear."""
    if now == before:
        return []
    said = []
    pairs = [(before["fields"], now["fields"])]
    pairs += [(fields, now["parts"].get(part, {})) for part, fields in before["parts"].items()]
    for old, new in pairs:
        said += [f"{name}.{field} went" for field in old.keys() - new.keys()]
        said += [
            f"{name}.{field} was {old[field]} and is {new[field]}"
            for field in old.keys() & new.keys()
            if old[field].rstrip("?") != new[field].rstrip("?") or old[field] == f"{new[field]}?"
        ]
        said += [
            f"{name}.{field} is new and has no default"
            for field in new.keys() - old.keys()
            if not new[field].endswith("?")
        ]
    if now["version"] <= before["version"]:
        said.append(f"{name} has changed and is still version {before['version']}")
    return said


def test_contracts_only_grow_and_their_version_with_them() -> None:
    recorded, now = json.loads(RECORD.read_text()), shapes()
    said = [
        words
        for name, before in recorded.items()
        for words in (
            complaints(name, before, now[name]) if name in now else [f"{name} is not there"]
        )
    ]
    assert said == [], "an old worker could not bear this: make it a contract of its own"
    assert recorded == now, "allowed, and to be recorded: see the top of this file"


@dataclass(frozen=True, kw_only=True)
class Reworded(Contract):
    """`OrderCancelled` after a change that is not allowed, for each reason there is."""

    version: ClassVar[int] = OrderCancelled.version

    order_number: int
    reason: str = ""
    wrapped_in: str


def test_it_sees_what_is_not_allowed() -> None:
    before = shapes()["OrderCancelled"]
    now = {"version": Reworded.version, "fields": shape_of(Reworded), "parts": {}}
    assert sorted(complaints("It", before, now)) == [
        "It has changed and is still version 1",
        "It.cancelled_at went",
        "It.order_number was str and is int",
        "It.wrapped_in is new and has no default",
    ]


if __name__ == "__main__":
    RECORD.write_text(json.dumps(shapes(), indent=1) + "\n")

"""The named points at which a fault test kills a process."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from officeflow.handoff import fault_points


@pytest.fixture
def reread() -> Iterator[ModuleType]:
    """The module, reloaded after the test, because it reads the environment once."""
    yield fault_points
    importlib.reload(fault_points)


def test_fault_points_do_nothing_in_production(
    reread: ModuleType,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    file = tmp_path / "posted"
    file.touch()
    monkeypatch.setenv("HANDOFF_FAULTS", f"posted=kill:{file}")
    settings.PRODUCTION = True
    importlib.reload(reread)
    reread.reach("posted")
    assert file.exists()


def test_an_armed_fault_point_removes_its_file_and_kills_the_process(
    reread: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "posted"
    file.touch()
    monkeypatch.setenv("HANDOFF_FAULTS", f"posted=kill:{file}")
    importlib.reload(reread)
    killed: list[int] = []
    monkeypatch.setattr("os.kill", lambda pid, number: killed.append(number))
    reread.reach("before_publish")
    reread.reach("posted", 7)
    reread.reach("posted", 8)
    assert killed == [9]
    assert [path.name.split("-")[0] for path in tmp_path.iterdir()] == ["posted.fired"]

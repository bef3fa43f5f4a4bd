"""The named places at which a fault test may stop a process."""

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
    """The module, which reads the environment once, as it will be after the test again."""
    yield fault_points
    importlib.reload(fault_points)


def test_in_production_they_do_nothing(
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


def test_elsewhere_one_that_is_armed_takes_its_file_and_kills(
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

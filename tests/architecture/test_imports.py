"""The import rules in pyproject.toml hold, and a violation is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_ERROR, EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]

BROKEN_ON_PURPOSE = """
[importlinter]
root_packages =
    officeflow
    frontdesk

[importlinter:contract:violated]
name = The hand-offs may import the front desk and not the reverse
type = layers
layers =
    officeflow.handoff
    frontdesk
"""


def lint(config: Path) -> int:
    return lint_imports(config_filename=str(config), no_cache=True, show_timings=False)


def test_the_import_rules_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint(ROOT / "pyproject.toml")
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_a_violated_import_rule_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    config = tmp_path / "importlinter.ini"
    config.write_text(BROKEN_ON_PURPOSE)
    assert lint(config) == EXIT_STATUS_ERROR

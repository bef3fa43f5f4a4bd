"""``make openapi``, and the check of ``make lint`` that compares its result."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from officeflow.local import openapi, var_folder


def test_an_outdated_description_fails_until_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    description = tmp_path / "docs" / "openapi.yaml"
    description.parent.mkdir()
    description.write_text("openapi: 3.0.3\n")
    monkeypatch.setattr(openapi, "DESCRIPTION", description)
    monkeypatch.setattr(openapi, "generated_description", cache(openapi.generated_description))
    assert openapi.check() == 1
    assert "make openapi" in capsys.readouterr().out
    assert openapi.openapi() == 0
    assert description.read_text() == (var_folder.PROJECT / "docs" / "openapi.yaml").read_text()
    assert openapi.check() == 0

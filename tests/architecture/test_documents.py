"""The documents name tests that exist, and a promise of security has a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEST = re.compile(r"`(tests/[\w/]*(?:\.py)?)`")
COMMAND = re.compile(r"`make (?:fuzz|faults|lint)`")
SECURITY = (ROOT / "docs" / "security.md").read_text().partition("## ASVS")[2]
REQUIREMENTS = re.findall(r"^\| (.+?) \| (yes|partly|no) \| (.+) \|$", SECURITY, re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_tests_that_exist(document: Path) -> None:
    named = TEST.findall(document.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_each_requirement_that_is_met_names_its_test() -> None:
    assert len(REQUIREMENTS) > 50
    without = [
        requirement
        for requirement, met, why in REQUIREMENTS
        if met == "yes" and not (TEST.search(why) or COMMAND.search(why))
    ]
    assert without == []

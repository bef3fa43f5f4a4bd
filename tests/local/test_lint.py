"""`make lint`'s step pip-audit: it fails for a known vulnerability, and not without the data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from officeflow.local.lint import audit_result

NOT_REACHED = "not done: the data on vulnerabilities cannot be reached"


def output(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_a_known_vulnerability_fails() -> None:
    weak = {"name": "weak", "version": "1.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}
    words, fails = audit_result(output(weak, {"name": "good", "version": "2", "vulns": []}))
    assert fails
    assert words.splitlines() == ["FAILED", "  weak 1.0: PYSEC-1", "  weak 1.0: PYSEC-2"]


@pytest.mark.parametrize(
    "printed", ["", "Traceback: no route", "{}", "[]", output({"name": "a", "skip_reason": "404"})]
)
def test_without_the_data_one_line_says_so(printed: str) -> None:
    assert audit_result(printed) == (NOT_REACHED, False)


def test_packages_that_the_data_does_not_know_are_counted() -> None:
    good = {"name": "good", "version": "2", "vulns": []}
    assert audit_result(output(good)) == ("ok", False)
    words, fails = audit_result(output(good, {"name": "own", "skip_reason": "404"}))
    assert (words, fails) == ("ok, without 1 packages that the data does not know", False)

"""Lines of the log: tracebacks of every library, and security events."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from officeflow.local.var_folder import PROJECT

FAIL = """
from officeflow.logs import logging_config
import logging, logging.config, structlog
logging.config.dictConfig(logging_config("INFO", as_json={as_json}))
def divide(): return 1 / 0
for log in (logging.getLogger("django.request"), structlog.get_logger("officeflow")):
    try: divide()
    except ZeroDivisionError: log.error("It failed at /password/new/cml0/s3cr3t-1/", exc_info=True)
try: divide()
except ZeroDivisionError:
    logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST", exc_info=True)
logging.getLogger("django.security.csrf").warning("Forbidden: %s", "/invitation/s3cr3t-2/")
structlog.get_logger("security").warning("refused", path="/set-up/s3cr3t-3/")
"""


def lines_of(*, as_json: bool) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", FAIL.format(as_json=as_json)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stderr.strip().splitlines()


def test_a_traceback_in_json_has_its_lines() -> None:
    lines = lines_of(as_json=True)[:2]
    for line in lines:
        traceback = json.loads(line)["exception"].splitlines()
        assert traceback[0] == "Traceback (most recent call last):"
        assert traceback[-1] == "ZeroDivisionError: division by zero"
        assert any("in divide" in each for each in traceback)


def test_a_traceback_in_a_readable_log_has_its_lines() -> None:
    lines = lines_of(as_json=False)
    assert lines.count("Traceback (most recent call last):") == 2
    assert lines.count("ZeroDivisionError: division by zero") == 2


@pytest.mark.parametrize("as_json", [True, False])
def test_an_event_is_on_one_line(as_json: bool) -> None:
    assert sum("It failed" in line for line in lines_of(as_json=as_json)) == 2


@pytest.mark.parametrize("as_json", [True, False])
def test_no_line_has_the_secret_of_a_link(as_json: bool) -> None:
    text = "\n".join(lines_of(as_json=as_json))
    assert "s3cr3t" not in text
    assert "/password/new/cml0/" in text
    assert "/invitation/" in text
    assert "/set-up/" in text


def test_a_request_that_is_refused_is_one_line_of_warning() -> None:
    (line,) = (each for each in lines_of(as_json=False) if "Invalid HTTP_HOST" in each)
    assert "level='warning'" in line
    (entry,) = (each for each in lines_of(as_json=True) if "Invalid HTTP_HOST" in each)
    assert json.loads(entry)["level"] == "warning"
    assert "exception" not in json.loads(entry)

"""A script that works on hostile bytes ends at its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from officeflow.bounded_process import OutOfBounds, run_bounded


def run(tmp_path: Path, code: str, data: bytes = b"") -> bytes:
    script = tmp_path / "script.py"
    script.write_text(f"import os, sys\n{code}")
    return run_bounded(script, data, "word", megabytes=200, seconds=1, most_bytes=1000)


def test_a_script_gets_input_and_arguments_and_no_project(tmp_path: Path) -> None:
    code = "print(sys.stdin.read(), sys.argv[1:], 'SECRET_KEY' in os.environ, end='')"
    assert run(tmp_path, code, b"data") == b"data ['word'] False"


@pytest.mark.parametrize(
    "code",
    [
        "x = b'1' * 250_000_000",
        "while True: pass",
        "sys.stdout.write('x' * 2000)",
        "sys.exit(1)",
        "os.kill(os.getpid(), 9)",
    ],
    ids=["memory", "time", "output", "failure", "killed"],
)
def test_a_script_beyond_its_limits_is_ended(tmp_path: Path, code: str) -> None:
    with pytest.raises(OutOfBounds):
        run(tmp_path, code)

"""A script that works on hostile bytes ends at its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from officeflow.bounded_process import OutOfBounds, bounded_lines, run_bounded


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


def test_lines_are_read_while_the_script_runs(tmp_path: Path) -> None:
    first_is_read = tmp_path / "first"
    script = tmp_path / "script.py"
    script.write_text(
        "import pathlib, sys, time\n"
        "print('one', flush=True)\n"
        "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
        "print('two\\nthree', end='')"
    )
    limits = {"megabytes": 200, "seconds": 5, "most_bytes": 1000}
    with bounded_lines(script, b"", str(first_is_read), alive=lambda: None, **limits) as lines:
        assert next(lines) == b"one"
        first_is_read.touch()
        assert list(lines) == [b"two", b"three"]


def test_a_script_that_fails_after_some_lines_is_out_of_bounds(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint('one')\nsys.exit(1)")
    limits = {"megabytes": 200, "seconds": 5, "most_bytes": 1000}
    with bounded_lines(script, b"", alive=lambda: None, **limits) as lines:
        assert next(lines) == b"one"
        with pytest.raises(OutOfBounds):
            next(lines)

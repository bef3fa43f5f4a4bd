"""Runs the commands of the Makefile in a folder ``var/`` of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from officeflow.local.var_folder import PROJECT

OF_THE_TESTS = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "STATIC_ROOT")


def user_environment(var: Path) -> dict[str, str]:
    """Returns the environment without the variables of the test run."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in OF_THE_TESTS and not key.startswith(("OFFICEFLOW", "PYTEST", "DJANGO"))
    }
    return kept | {"OFFICEFLOW_VAR": str(var)}


def run_command(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Runs ``python -m officeflow.local`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "officeflow.local", *words],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

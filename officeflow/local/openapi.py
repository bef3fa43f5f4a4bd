"""``make openapi``: writes the API's description; ``make lint`` compares it with the code."""

import os
import subprocess
import sys

from officeflow.local.lint import PRODUCTION
from officeflow.local.output import say
from officeflow.local.var_folder import PROJECT, OfficeError

DESCRIPTION = PROJECT / "docs" / "openapi.yaml"
COMMAND = ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--lang", "en"]


def openapi() -> int:
    """Write the description to ``docs/openapi.yaml`` and return 0."""
    DESCRIPTION.write_text(generated_description(), encoding="utf-8")
    say(f"{DESCRIPTION.name} is up to date")
    return 0


def generated_description() -> str:
    """Return the description that the code gives with production settings.

    Raises:
        OfficeError: the description is incomplete or not valid.
    """
    done = subprocess.run(
        [sys.executable, *COMMAND],
        cwd=PROJECT,
        env={**os.environ, **PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OfficeError(done.stderr.strip())
    return done.stdout


def check() -> int:
    """Return 0 when the committed description is up to date; else print a line and return 1."""
    if DESCRIPTION.exists() and DESCRIPTION.read_text(encoding="utf-8") == generated_description():
        return 0
    print("docs/openapi.yaml is out of date: run make openapi and commit the file")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(check())
    except OfficeError as error:
        sys.exit(f"officeflow: {error}")

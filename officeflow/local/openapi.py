"""``make openapi``: writes the API's description, which ``make lint`` compares with the code."""

import os
import subprocess
import sys

from officeflow.local.lint import PRODUCTION
from officeflow.local.output import say
from officeflow.local.places import PROJECT, OfficeError

DESCRIPTION = PROJECT / "docs" / "openapi.yaml"
COMMAND = ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--lang", "en"]


def openapi() -> int:
    """Bring the committed description up to date."""
    DESCRIPTION.write_text(described(), encoding="utf-8")
    say(f"{DESCRIPTION.name} is up to date")
    return 0


def described() -> str:
    """The description that the code gives, as production gives it.

    Raises:
        OfficeError: it is incomplete or not valid.
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
    """Say when the committed description is not what the code says; 1 then."""
    if DESCRIPTION.exists() and DESCRIPTION.read_text(encoding="utf-8") == described():
        return 0
    print(
        f"{DESCRIPTION.name} is not what the code says: run make openapi, commit docs/openapi.yaml"
    )
    return 1


if __name__ == "__main__":
    try:
        sys.exit(check())
    except OfficeError as error:
        sys.exit(f"officeflow: {error}")

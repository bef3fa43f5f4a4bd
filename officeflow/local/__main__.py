"""``python -m officeflow.local COMMAND``, called by the Makefile.

Commands: run, manage, backup, restore, reset, lint, messages, openapi, screenshots, browser.
"""

import os
import shlex
import sys

from officeflow.local.var_folder import OfficeError


def main(arguments: list[str]) -> int:
    """Run the command that the first argument names and return its exit code."""
    command, *rest = arguments or ["help"]
    if command == "run":
        from officeflow.local.office_run import run

        return run(os.environ)
    if command == "manage":
        from officeflow.local.manage_command import manage

        return manage(rest or split(os.environ.get("ARGS", "")), os.environ)
    if command == "reset":
        from officeflow.local.reset import reset

        return reset(os.environ)
    if command == "backup":
        from officeflow.local.backup import backup

        return backup(os.environ)
    if command == "restore":
        from officeflow.local.restore import restore

        return restore(os.environ)
    if command == "lint":
        from officeflow.local.lint import lint

        return lint()
    if command == "messages":
        from officeflow.local.messages import messages

        return messages(rest or split(os.environ.get("ARGS", "")))
    if command == "openapi":
        from officeflow.local.openapi import openapi

        return openapi()
    if command == "screenshots":
        from officeflow.local.screenshots import screenshots

        return screenshots(os.environ)
    if command == "browser":
        from officeflow.local.browser import ensure_chromium

        ensure_chromium()
        return 0
    print(__doc__, file=sys.stderr)
    return 2


def split(text: str) -> list[str]:
    """Split ``ARGS`` into arguments as a shell does.

    Raises:
        OfficeError: a quotation mark is missing.
    """
    try:
        return shlex.split(text)
    except ValueError as error:
        raise OfficeError(f"ARGS={text} cannot be read: {error}") from error


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OfficeError as error:
        sys.exit(f"officeflow: {error}")
    except OSError as error:
        sys.exit(f"officeflow: {error.filename or 'the system'}: {error.strerror}")
    except KeyboardInterrupt:
        sys.exit(130)

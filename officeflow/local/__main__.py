"""``python -m officeflow.local run | manage | backup | restore | …``; make calls these."""

import os
import shlex
import sys

from officeflow.local.places import OfficeError


def main(arguments: list[str]) -> int:
    """Do what the first argument names; the exit code."""
    command, *rest = arguments or ["help"]
    if command == "run":
        from officeflow.local.office import run

        return run(os.environ)
    if command == "manage":
        from officeflow.local.command import manage

        return manage(rest or words(os.environ.get("ARGS", "")), os.environ)
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

        return messages(rest or words(os.environ.get("ARGS", "")))
    if command == "openapi":
        from officeflow.local.openapi import openapi

        return openapi()
    if command == "screenshots":
        from officeflow.local.pictures import screenshots

        return screenshots(os.environ)
    if command == "browser":
        from officeflow.local.browser import ensure_chromium

        ensure_chromium()
        return 0
    print(__doc__, file=sys.stderr)
    return 2


def words(text: str) -> list[str]:
    """The words of ``ARGS``, quoted as in a shell.

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

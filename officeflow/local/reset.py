"""``make reset``: delete the office's data, after asking."""

import sys
from collections.abc import Mapping

from officeflow.local import orphans
from officeflow.local.environment import TRUE
from officeflow.local.output import say
from officeflow.local.places import OfficeError, Var


def reset(environment: Mapping[str, str]) -> int:
    """Wipe ``var/``; the exit code.

    Raises:
        OfficeError: the office runs, or nobody said yes.
    """
    var = Var.of(environment)
    if var.path.exists() and not var.path.is_dir():
        raise OfficeError(f"{var.path} is not a folder, so not an office's: nothing deleted")
    if not var.path.exists():
        say(f"{var.path} is not there: nothing to delete")
        return 0
    try:
        free = var.lock.acquire()
    except OSError as error:
        raise OfficeError(f"{var.path} cannot be locked ({error.strerror})") from error
    if not free:
        pid = var.holder().get("holder", {}).get("pid", "unknown")
        raise OfficeError(f"{var.path} is in use by process {pid}: stop it first")
    try:
        agreed(var, environment)
        orphans.clear(var)
        var.wipe()
        var.lock.path.unlink(missing_ok=True)
    finally:
        var.lock.release()
    say(f"deleted the data in {var.path}; `make run` starts afresh")
    return 0


def agreed(var: Var, environment: Mapping[str, str]) -> None:
    """Return when a person, or YES=1, agrees.

    Raises:
        OfficeError: nobody did.
    """
    if environment.get("YES", "").lower() in TRUE:
        return
    if not sys.stdin.isatty():
        raise OfficeError("nothing deleted: there is no terminal to ask; use YES=1 make reset")
    try:
        answer = input(f"Type yes to delete all data of this office in {var.path}: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise OfficeError("nothing deleted")

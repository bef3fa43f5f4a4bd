"""``make reset``: deletes the office's data after a confirmation."""

from collections.abc import Mapping

from officeflow.local import orphans
from officeflow.local.output import confirm, say
from officeflow.local.var_folder import OfficeError, Var


def reset(environment: Mapping[str, str]) -> int:
    """Delete the office's data in ``var/`` and return the exit code.

    Raises:
        OfficeError: the office runs, or nobody confirmed.
    """
    var = Var.from_environment(environment)
    if var.path.exists() and not var.path.is_dir():
        raise OfficeError(f"{var.path} is not a folder: nothing deleted")
    if not var.path.exists():
        say(f"{var.path} does not exist: nothing to delete")
        return 0
    try:
        is_free = var.lock.acquire()
    except OSError as error:
        raise OfficeError(f"{var.path} cannot be locked ({error.strerror})") from error
    if not is_free:
        raise OfficeError(f"{var.path} is in use by process {var.holder_pid()}: stop it first")
    try:
        confirm(
            f"Type yes to delete all data of this office in {var.path}: ",
            environment,
            unchanged="nothing deleted",
            command="YES=1 make reset",
        )
        orphans.clear(var)
        var.delete_data()
        var.lock.path.unlink(missing_ok=True)
    finally:
        var.lock.release()
    say(f"deleted the data in {var.path}; `make run` starts with an empty database")
    return 0

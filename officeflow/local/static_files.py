"""Finds out whether the static files have to be collected again at the start."""

import hashlib
from pathlib import Path

from officeflow.local.var_folder import PACKAGES, PROJECT, Var

FINGERPRINT_FILE = ".collected"


def fingerprint() -> str:
    """Return a hash of the project's static files, the installed packages and the settings.

    It changes whenever collecting again could give another result.
    """
    parts = [
        (PROJECT / name).read_bytes() for name in ("requirements.txt", "officeflow/settings.py")
    ]
    for package in PACKAGES:
        for folder in sorted((PROJECT / package).rglob("static")):
            parts += [file_stamp(path) for path in sorted(folder.rglob("*")) if path.is_file()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def file_stamp(path: Path) -> bytes:
    """Return a file's path, size in bytes and time of change in nanoseconds."""
    found = path.stat()
    return f"{path.relative_to(PROJECT)} {found.st_size} {found.st_mtime_ns}".encode()


def are_collected(var: Var) -> bool:
    """Return whether ``var/static`` was collected from the present sources."""
    try:
        return (var.path / "static" / FINGERPRINT_FILE).read_text() == fingerprint()
    except OSError:
        return False


def record_collected(var: Var, found: str) -> None:
    """Store the fingerprint of the sources from which ``var/static`` was collected."""
    (var.path / "static").mkdir(exist_ok=True)
    (var.path / "static" / FINGERPRINT_FILE).write_text(found)

"""Whether the collected static files still match their sources, so that a start can be quick."""

import hashlib
from pathlib import Path

from officeflow.local.places import PROJECT, Var

SIDES = ("officeflow", "frontdesk", "backoffice")
MARK = ".collected"


def fingerprint() -> str:
    """Changes whenever collecting again could give another result.

    That is when a static file of the project changes, or the packages that bring some of their own,
    or the settings that say how they are stored.
    """
    parts = [
        (PROJECT / name).read_bytes() for name in ("requirements.txt", "officeflow/settings.py")
    ]
    for side in SIDES:
        for folder in sorted((PROJECT / side).rglob("static")):
            parts += [described(path) for path in sorted(folder.rglob("*")) if path.is_file()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def described(path: Path) -> bytes:
    """One file's name, size and time of change."""
    found = path.stat()
    return f"{path.relative_to(PROJECT)} {found.st_size} {found.st_mtime_ns}".encode()


def are_collected(var: Var) -> bool:
    """Whether ``var/static`` was collected from just these sources."""
    try:
        return (var.path / "static" / MARK).read_text() == fingerprint()
    except OSError:
        return False


def note_collected(var: Var, found: str) -> None:
    """Remember what ``var/static`` was collected from."""
    (var.path / "static").mkdir(exist_ok=True)
    (var.path / "static" / MARK).write_text(found)

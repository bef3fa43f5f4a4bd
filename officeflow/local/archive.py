"""The file of a backup: a tar archive with a manifest, a database dump and the private files.

database.dump   `pg_dump --format=custom`
files/…         attachments and documents
manifest.json   version, time, counts and a checksum of each member; the last member
"""

import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from officeflow.local.var_folder import OfficeError

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files/"
BLOCK = 1 << 20  # bytes


@dataclass(frozen=True)
class Member:
    """One file in the archive."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The description of a backup.

    `migrations` are the applied ones, as `app.name`; `counts` are the numbers of main records.
    """

    version: str
    made_at: str
    office: str
    postgres: str
    migrations: list[str]
    counts: dict[str, int]
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def files(self) -> list[str]:
        """The paths of the private files, relative to the folder `files`."""
        return [name.removeprefix(FILES) for name in self.members if name.startswith(FILES)]

    def summary(self) -> str:
        """Return the office's name, the time and the counts in one line."""
        counted = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        return f"“{self.office or 'an office not yet set up'}” from {self.made_at[:16]} ({counted})"


class Writer:
    """Writes an archive to a temporary file and renames it to `target` when it is complete."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
        self.members: dict[str, Member] = {}
        self._tar: tarfile.TarFile | None = None
        self._handle: IO[bytes] | None = None

    def __enter__(self) -> "Writer":
        """Create the temporary file, readable by its owner alone."""
        descriptor = os.open(self.partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._handle = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._handle, mode="w", format=tarfile.PAX_FORMAT)
        return self

    def add(self, name: str, path: Path) -> None:
        """Add one file. Raises `FileNotFoundError` when it does not exist any more."""
        assert self._tar is not None
        with path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            read = HashingReader(source)
            self._tar.addfile(_entry(name, size), read)
        self.members[name] = Member(size, read.digest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, sync the file to the disk and rename it.

        Raises:
            OfficeError: a file of that name exists by now.
        """
        assert self._tar is not None
        assert self._handle is not None
        text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode()
        entry = _entry(MANIFEST, len(text))
        self._tar.addfile(entry, io.BytesIO(text))
        self._tar.close()
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self._handle.close()
        try:
            os.link(self.partial, self.target)  # unlike a rename, a link never replaces a file
            self.partial.unlink()
        except FileExistsError as error:
            raise OfficeError(f"{self.target} exists already: name another FILE") from error
        except OSError:  # the file system has no links
            self.partial.rename(self.target)

    def __exit__(self, *_: object) -> None:
        """Remove the temporary file."""
        if self._handle is not None and not self._handle.closed:
            self._handle.close()
        self.partial.unlink(missing_ok=True)


class MemberReader:
    """Reads one member of the archive `path`."""

    def __init__(self, path: Path, source: IO[bytes]) -> None:
        self._path = path
        self._source = source

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises `OfficeError` when the archive is damaged or cut off."""
        with _as_office_error(self._path):
            return self._source.read(size)


class HashingReader:
    """Reads a file and computes the SHA-256 of the bytes read."""

    def __init__(self, source: IO[bytes] | MemberReader) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        """Return the SHA-256 of the bytes read, in hexadecimal."""
        return self._hash.hexdigest()


def inspect(path: Path) -> Manifest:
    """Read a whole archive, compare every member with its checksum and return the manifest.

    Raises:
        OfficeError: the file is missing, damaged, not a backup, or in a newer format.
    """
    found: dict[str, Member] = {}
    parsed: Any = None
    for name, source in _members(path):
        if name == MANIFEST:
            parsed = _parsed(path, source.read())
            continue
        read = HashingReader(source)
        size = 0
        while block := read.read(BLOCK):
            size += len(block)
        found[name] = Member(size, read.digest())
    if parsed is None:
        raise OfficeError(f"{path} is damaged or not a backup: it has no manifest")
    manifest = _manifest(path, parsed)
    if manifest.members != found or DUMP not in found:
        wrong = sorted(
            name
            for name in {*manifest.members, *found, DUMP}
            if manifest.members.get(name) != found.get(name) or name not in found
        )
        raise OfficeError(f"{path} is damaged: {wrong[0]} does not match the manifest")
    return manifest


def unpack(path: Path, target_of: Callable[[str], Path | None]) -> None:
    """Write each member to the path that `target_of` gives for its name; None skips the member.

    The caller has checked the archive with `inspect`.

    Raises:
        OfficeError: the archive cannot be read to its end.
    """
    for name, source in _members(path):
        target = target_of(name)
        if target is None:
            continue
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as copy:
            while block := source.read(BLOCK):
                copy.write(block)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _members(path: Path) -> Iterator[tuple[str, MemberReader]]:
    with _as_office_error(path), tarfile.open(path, mode="r:") as tar:
        for entry in tar:
            source = tar.extractfile(entry) if entry.isfile() and _safe(entry.name) else None
            if source is None:
                raise OfficeError(f"{path} is not a backup: it holds {entry.name!r}")
            yield entry.name, MemberReader(path, source)


@contextmanager
def _as_office_error(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise OfficeError(f"{path} does not exist") from error
    except (tarfile.TarError, EOFError, ValueError, UnicodeError) as error:
        raise OfficeError(f"{path} is damaged or not a backup ({error})") from error
    except OSError as error:
        raise OfficeError(f"{path} cannot be read: {error.strerror or error}") from error


def _safe(name: str) -> bool:
    """Return whether a member's name stays inside the folder that it is unpacked into."""
    if name in (MANIFEST, DUMP):
        return True
    parts = name.split("/")
    return name.startswith(FILES) and all(part not in ("", ".", "..") for part in parts)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    entry.mtime = int(time.time())
    return entry


def _parsed(path: Path, text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise OfficeError(f"{path} is damaged: its manifest cannot be read") from error


def _manifest(path: Path, data: Any) -> Manifest:
    if isinstance(data, dict) and isinstance(data.get("format"), int) and data["format"] > FORMAT:
        raise OfficeError(f"{path} was made by a newer OfficeFlow: update this one first")
    try:
        members = {name: Member(**each) for name, each in data["members"].items()}
        return Manifest(**{**data, "members": members})
    except (TypeError, KeyError, AttributeError) as error:
        raise OfficeError(f"{path} is damaged: its manifest is incomplete") from error

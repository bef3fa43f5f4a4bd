"""A backup's file: one tar with a manifest, PostgreSQL's dump and the office's private files.

manifest.json   what is in it, from when, of which version, and a checksum of each member; the last
database.dump   `pg_dump --format=custom`
files/…         the attachments and whatever else the office keeps as files
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

from officeflow.local.places import OfficeError

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
    """What a backup says about itself.

    `migrations` are the applied ones, as `app.name`; `counts` the rows of what people count.
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
        """The names of the private files, without the folder in front."""
        return [name.removeprefix(FILES) for name in self.members if name.startswith(FILES)]

    def words(self) -> str:
        """The backup in one line."""
        counted = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        return f"“{self.office or 'an office not yet set up'}” of {self.made_at[:16]} ({counted})"


class Writer:
    """An archive that is being written beside its place, and moved there when it is whole."""

    def __init__(self, target: Path) -> None:
        """Nothing is written yet."""
        self.target = target
        self.partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
        self.members: dict[str, Member] = {}
        self._tar: tarfile.TarFile | None = None
        self._handle: IO[bytes] | None = None

    def __enter__(self) -> "Writer":
        """Open the file, readable by its owner alone."""
        descriptor = os.open(self.partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._handle = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._handle, mode="w", format=tarfile.PAX_FORMAT)
        return self

    def add(self, name: str, path: Path) -> None:
        """Pack one file. Raises `FileNotFoundError` when it has gone."""
        assert self._tar is not None
        with path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            read = Summing(source)
            self._tar.addfile(_entry(name, size), read)
        self.members[name] = Member(size, read.digest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, see that all is on the disk, and give the file its name.

        Raises:
            OfficeError: a file of that name has appeared meanwhile.
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
            os.link(self.partial, self.target)  # unlike a rename, never over another file
            self.partial.unlink()
        except FileExistsError as error:
            raise OfficeError(f"{self.target} is there already: name another FILE") from error
        except OSError:  # a file system without links
            self.partial.rename(self.target)

    def __exit__(self, *_: object) -> None:
        """Leave no half archive behind."""
        if self._handle is not None and not self._handle.closed:
            self._handle.close()
        self.partial.unlink(missing_ok=True)


class Packed:
    """A member of an archive, whose end may be missing."""

    def __init__(self, path: Path, source: IO[bytes]) -> None:
        """Nothing is read yet."""
        self._path = path
        self._source = source

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises `OfficeError` where the archive cannot be read on."""
        with _in_words(self._path):
            return self._source.read(size)


class Summing:
    """A file that is read through, and its checksum at the end."""

    def __init__(self, source: IO[bytes] | Packed) -> None:
        """Nothing is read yet."""
        self._source = source
        self._sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._source.read(size)
        self._sum.update(data)
        return data

    def digest(self) -> str:
        """The SHA-256 of what was read, in hexadecimal."""
        return self._sum.hexdigest()


def inspect(path: Path) -> Manifest:
    """Read a whole archive and compare every member with its checksum.

    Raises:
        OfficeError: it is not there, is no backup, is damaged, or is of a newer kind.
    """
    found: dict[str, Member] = {}
    told: Any = None
    for name, source in _members(path):
        if name == MANIFEST:
            told = _parsed(path, source.read())
            continue
        read = Summing(source)
        size = 0
        while block := read.read(BLOCK):
            size += len(block)
        found[name] = Member(size, read.digest())
    if told is None:
        raise OfficeError(f"{path} is damaged or no backup of an office: it has no manifest")
    manifest = _manifest(path, told)
    if manifest.members != found or DUMP not in found:
        wrong = sorted(
            name
            for name in {*manifest.members, *found, DUMP}
            if manifest.members.get(name) != found.get(name) or name not in found
        )
        raise OfficeError(f"{path} is damaged: {wrong[0]} is not as it was packed")
    return manifest


def unpack(path: Path, wanted: Callable[[str], Path | None]) -> None:
    """Write each member to where `wanted` says, None to pass it over; checked before by `inspect`.

    Raises:
        OfficeError: the archive cannot be read to its end.
    """
    for name, source in _members(path):
        target = wanted(name)
        if target is None:
            continue
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as copy:
            while block := source.read(BLOCK):
                copy.write(block)


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _members(path: Path) -> Iterator[tuple[str, Packed]]:
    with _in_words(path), tarfile.open(path, mode="r:") as tar:
        for entry in tar:
            source = tar.extractfile(entry) if entry.isfile() and _safe(entry.name) else None
            if source is None:
                raise OfficeError(f"{path} is no backup of an office: it holds {entry.name!r}")
            yield entry.name, Packed(path, source)


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise OfficeError(f"{path} is not there") from error
    except (tarfile.TarError, EOFError, ValueError, UnicodeError) as error:
        raise OfficeError(f"{path} is damaged or no backup of an office ({error})") from error
    except OSError as error:
        raise OfficeError(f"{path} cannot be read: {error.strerror or error}") from error


def _safe(name: str) -> bool:
    """Whether a name stays inside the folder it is unpacked into."""
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


def _manifest(path: Path, told: Any) -> Manifest:
    if isinstance(told, dict) and isinstance(told.get("format"), int) and told["format"] > FORMAT:
        raise OfficeError(f"{path} was made by a newer OfficeFlow: bring this one up to date first")
    try:
        members = {name: Member(**each) for name, each in told["members"].items()}
        return Manifest(**{**told, "members": members})
    except (TypeError, KeyError, AttributeError) as error:
        raise OfficeError(f"{path} is damaged: its manifest is not whole") from error

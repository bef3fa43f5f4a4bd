"""Lets one process at a time work on a file.

The working process holds the file's lease. When it is killed, the lease ends after `LEASE_SECONDS`,
and the next process continues. A process whose lease has passed to another changes nothing.

Workers also take the turn: of all files one at a time is worked on with the turn, so that a worker
is left for the hand-offs, however many files there are and however long each takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from officeflow.company.queries import get_office
from officeflow.imports.models import ImportFile
from officeflow.imports.registry import Importer, ImportJob, importer_of
from officeflow.imports.states import ImportState

log = structlog.get_logger(__name__)

LEASE_SECONDS = 10
# The seconds without a worker after which the import's page continues the work.
IDLE_SECONDS = 2
TURN = "turn:"  # begins the name of a process that has the turn
TURN_LOCK = 7_243_001  # of PostgreSQL's advisory locks


class LeaseLost(Exception):
    """Another process holds the lease, or the work was stopped."""


@dataclass
class ImportSession:
    """The work of one process on one file.

    `done` is the number of units that it imported, `position` that of the last unit that it took,
    `most_units` how many it takes next, if that is not the usual number.
    `alive` is called whenever the lease is renewed, so that a watchdog sees that the work goes on.
    """

    import_file: ImportFile
    importer: Importer
    job: ImportJob
    worker: str = field(default_factory=lambda: uuid4().hex)
    done: int = 0
    position: int = -1
    most_units: int | None = None
    alive: Callable[[], None] = lambda: None


@contextmanager
def working_session(
    number: str, state: ImportState, *, in_turn: bool = False
) -> Iterator[ImportSession | None]:
    """Holds the lease of a file in a state, in the language of the office.

    Gives None when the file is in another state or another process has the lease, or the turn
    that is wanted too. The lease is released at the end in any case; losing it ends the work
    quietly.
    """
    session = begin_session(number, state, in_turn=in_turn)
    if session is None:
        yield None
        return
    try:
        with translation.override(get_office().language):
            yield session
    except LeaseLost:
        log.info("import_file.lease_lost", import_file=number)
    finally:
        release_lease(session)


@transaction.atomic
def begin_session(
    number: str, state: ImportState, *, in_turn: bool = False
) -> ImportSession | None:
    """Takes the lease, and the turn with `in_turn`.

    Returns None when the state is another, or the lease or the turn is not free.
    """
    import_file = ImportFile.objects.select_related("uploaded_by").filter(number=number).first()
    if import_file is None or import_file.state != state:
        return None
    session = ImportSession(
        import_file=import_file,
        importer=importer_of(import_file.kind),
        job=job_of(import_file),
    )
    if in_turn:
        session.worker = f"{TURN}{session.worker}"
    with connection.cursor() as cursor:
        if in_turn:  # of two processes at once the second one sees the first one's lease
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN_LOCK])
        cursor.execute(
            """
            UPDATE imports_importfile SET worker = %(worker)s,
                lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
            WHERE id = %(id)s AND state = %(state)s
              AND (worker = '' OR lease_until < clock_timestamp())
              AND NOT (%(in_turn)s AND EXISTS (
                SELECT 1 FROM imports_importfile AS other
                WHERE other.worker LIKE %(turn)s AND other.lease_until >= clock_timestamp()
              ))
            """,
            {
                "worker": session.worker,
                "lease": LEASE_SECONDS,
                "id": import_file.pk,
                "state": state.value,
                "in_turn": in_turn,
                "turn": f"{TURN}%",
            },
        )
        return session if cursor.rowcount else None


def longest_waiting() -> str | None:
    """Returns the number of the file under way that waits longest for a process; None for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT number FROM imports_importfile
            WHERE state = ANY(%s) AND (worker = '' OR lease_until < clock_timestamp())
            ORDER BY lease_until NULLS FIRST, id LIMIT 1
            """,
            [[ImportState.CHECKING.value, ImportState.RUNNING.value]],
        )
        row = cursor.fetchone()
    return row and str(row[0])


def job_of(import_file: ImportFile) -> ImportJob:
    """Returns the context in which an importer works on a file."""
    return ImportJob(
        actor=import_file.uploaded_by,
        source=import_file.source,
        facts=import_file.facts,
        options=import_file.options,
        columns=frozenset(
            {*import_file.mapping.get("columns", ()), *import_file.mapping.get("values", ())}
        ),
    )


def renew_lease(session: ImportSession, state: ImportState) -> None:
    """Renews the lease. Raises `LeaseLost`."""
    session.alive()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importfile
            SET lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
            WHERE id = %(id)s AND state = %(state)s AND worker = %(worker)s
            """,
            {
                "lease": LEASE_SECONDS,
                "id": session.import_file.pk,
                "state": state.value,
                "worker": session.worker,
            },
        )
        if not cursor.rowcount:
            raise LeaseLost


def is_idle(import_file: ImportFile) -> bool:
    """Returns whether no process has worked for `IDLE_SECONDS` on a file under way."""
    if not import_file.is_under_way:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(lease_until, '-infinity') + make_interval(secs => %s)"
            " < clock_timestamp() FROM imports_importfile WHERE id = %s",
            [0 if import_file.worker else IDLE_SECONDS, import_file.pk],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def release_lease(session: ImportSession) -> None:
    """Releases the lease, from whose end `is_idle` measures."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE imports_importfile SET worker = '', lease_until = clock_timestamp() "
                "WHERE id = %s AND worker = %s",
                [session.import_file.pk, session.worker],
            )
    except DatabaseError as error:  # without PostgreSQL the lease ends by itself
        log.warning("import_file.release_failed", error=type(error).__name__)

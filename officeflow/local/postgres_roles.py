"""The two roles of the embedded PostgreSQL.

``postgres`` created the cluster and is its superuser; it creates and renames databases and nothing
else. ``officeflow`` owns the office's database and can do nothing outside it: no program of the
server, no file, no other role. The web, the workers, backup and restore use it.

Clusters of earlier versions have one role, ``officeflow``, which is the superuser. The next start
renames it and gives the office's objects to a new ``officeflow``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DATABASE = "officeflow"
ROLE = "officeflow"
SUPERUSER = "postgres"
RENAMER = "officeflow_renamer"  # a role cannot be renamed by itself
# Everything in the office's database that belongs to the superuser and not to PostgreSQL or an
# extension. A sequence of a column follows its table.
HAND_OVER = """
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN
        SELECT format('ALTER SCHEMA %I OWNER TO officeflow', nspname) FROM pg_namespace
        WHERE pg_get_userbyid(nspowner) = 'postgres' AND nspname !~ '^(pg_|information_schema)'
        UNION ALL
        SELECT format('ALTER TABLE %s OWNER TO officeflow', oid::regclass) FROM pg_class AS one
        WHERE pg_get_userbyid(relowner) = 'postgres' AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
            AND NOT EXISTS (
                SELECT FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND objid = one.oid
                    AND (deptype = 'e' OR relkind = 'S' AND deptype IN ('a', 'i'))
            )
        UNION ALL
        SELECT format('ALTER ROUTINE %s OWNER TO officeflow', oid::regprocedure)
        FROM pg_proc AS one
        WHERE pg_get_userbyid(proowner) = 'postgres'
            AND pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
            AND NOT EXISTS (
                SELECT FROM pg_depend
                WHERE classid = 'pg_proc'::regclass AND objid = one.oid AND deptype = 'e'
            )
        UNION ALL
        SELECT format('ALTER TYPE %s OWNER TO officeflow', oid::regtype) FROM pg_type AS one
        WHERE pg_get_userbyid(typowner) = 'postgres' AND typtype IN ('d', 'e', 'r')
            AND typnamespace::regnamespace::text !~ '^(pg_|information_schema)'
            AND NOT EXISTS (
                SELECT FROM pg_depend
                WHERE classid = 'pg_type'::regclass AND objid = one.oid AND deptype = 'e'
            )
    LOOP
        EXECUTE command;
    END LOOP;
END $$
"""


@contextmanager
def connected(socket_dir: Path, role: str, database: str) -> Iterator[Any]:
    """Yield a cursor that commits each statement. Raises `psycopg2.Error`."""
    import psycopg2

    connection = psycopg2.connect(
        host=str(socket_dir), user=role, dbname=database, connect_timeout=2
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def prepare_roles(socket_dir: Path) -> bool:
    """Create what is missing of roles and database; return whether PostgreSQL answers.

    Interrupted, it goes on at the next call.
    """
    import psycopg2

    try:
        if not _has_superuser(socket_dir):
            _rename_superuser(socket_dir)
        with connected(socket_dir, SUPERUSER, "postgres") as cursor:
            _create(cursor)
            if _owner(cursor) == ROLE:
                return True
        with connected(socket_dir, SUPERUSER, DATABASE) as cursor:
            cursor.execute(HAND_OVER)
            cursor.execute(f"ALTER DATABASE {DATABASE} OWNER TO {ROLE}")
    except psycopg2.OperationalError:
        return False
    return True


def _has_superuser(socket_dir: Path) -> bool:
    import psycopg2

    try:
        with connected(socket_dir, SUPERUSER, "postgres"):
            return True
    except psycopg2.OperationalError:
        # Either it does not answer yet, and then this fails too, or it has the one role.
        with connected(socket_dir, ROLE, "postgres") as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone() != (True,):
                raise
        return False


def _rename_superuser(socket_dir: Path) -> None:
    with connected(socket_dir, ROLE, "postgres") as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [RENAMER])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {RENAMER} LOGIN SUPERUSER")
    with connected(socket_dir, RENAMER, "postgres") as cursor:
        cursor.execute(f"ALTER ROLE {ROLE} RENAME TO {SUPERUSER}")


def _create(cursor: Any) -> None:
    cursor.execute(f"DROP ROLE IF EXISTS {RENAMER}")
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    if _owner(cursor) is None:
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def _owner(cursor: Any) -> str | None:
    cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [DATABASE])
    row = cursor.fetchone()
    return str(row[0]) if row else None

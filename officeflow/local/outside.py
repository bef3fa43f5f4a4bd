"""Servers that the caller named with ``DATABASE_URL`` and ``REDIS_URL``."""

import time
from collections.abc import Callable

from officeflow.local.places import OfficeError

PATIENCE = 10.0  # seconds for servers that start at the same time as we do


def check_servers(database_url: str, redis_url: str) -> None:
    """Wait until both servers answer.

    Raises:
        OfficeError: one does not, or its address cannot be read.
    """
    _wait("DATABASE_URL", lambda: ask_postgres(database_url))
    _wait("REDIS_URL", lambda: ask_redis(redis_url))


def ask_postgres(url: str) -> None:
    """Connect once. Raises psycopg2's errors."""
    import psycopg2

    psycopg2.connect(url, connect_timeout=3).close()


def ask_redis(url: str) -> None:
    """Ping once. Raises redis-py's errors, or ValueError for an address that is none."""
    from officeflow.broker_address import client_of

    client = client_of(url, socket_timeout=3, socket_connect_timeout=3)
    try:
        client.ping()
    finally:
        client.close()


def _wait(name: str, ask: Callable[[], None]) -> None:
    import psycopg2
    import redis

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except (psycopg2.Error, redis.RedisError, ValueError, OSError) as error:
            passing = isinstance(error, (psycopg2.OperationalError, redis.ConnectionError, OSError))
            if not passing or time.monotonic() > deadline:
                words = " ".join(str(error).split())
                raise OfficeError(f"the server of {name} does not answer: {words}") from error
        time.sleep(0.5)

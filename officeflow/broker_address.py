"""Where the broker is: `REDIS_URL`, and what each of its readers makes of it.

Three forms: `redis://host:6379/0` (`rediss://` with TLS), `redis+socket:///path?virtual_host=0`,
and for a broker that Sentinels watch `sentinel://:password@one:26379,two:26379/0?master=name`. The
password is the broker's; `sentinel_password` in the query is the Sentinels' own. Whoever connects
asks the Sentinels which server is the master just now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import redis
from redis.sentinel import Sentinel

SENTINEL_PORT = 26379
LIMITS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}


@dataclass(frozen=True)
class Watched:
    """A broker behind Sentinels."""

    sentinels: tuple[tuple[str, int], ...]
    master: str
    database: int
    username: str
    password: str
    sentinel_password: str

    @classmethod
    def read(cls, url: str) -> Watched:
        """Raises `ValueError` with one readable line."""
        # By hand: a list of hosts is more than an address has by its standard, and urllib minds.
        where, _mark, asked = url.removeprefix("sentinel://").partition("?")
        places, _slash, path = where.partition("/")
        query = parse_qs(asked)
        credentials, _at, hosts = places.rpartition("@")
        username, _colon, password = credentials.partition(":")
        master = query.get("master", [""])[0]
        if not master:
            raise ValueError("a sentinel:// address ends with ?master= and the master's name")
        number = path.strip("/") or "0"
        if not number.isdecimal():
            raise ValueError(f"{number} is not the number of a database")
        return cls(
            sentinels=tuple(_host(each) for each in hosts.split(",")),
            master=master,
            database=int(number),
            username=unquote(username),
            password=unquote(password),
            sentinel_password=query.get("sentinel_password", [""])[0],
        )

    @property
    def kombu_url(self) -> str:
        """As Celery wants it: an address for each Sentinel."""
        login = ""
        if self.username or self.password:
            login = f"{quote(self.username, safe='')}:{quote(self.password, safe='')}@"
        hosts = [(f"[{host}]" if ":" in host else host, port) for host, port in self.sentinels]
        return ";".join(f"sentinel://{login}{host}:{port}/{self.database}" for host, port in hosts)

    @property
    def kombu_options(self) -> dict[str, Any]:
        """What Celery wants beside the address."""
        # Without any of its own, what is asked of the Sentinels has the broker's time limits.
        own = {"password": self.sentinel_password, **LIMITS} if self.sentinel_password else None
        return {"master_name": self.master, "sentinel_kwargs": own}

    def client(self, **limits: Any) -> redis.Redis:
        """A client of whichever server is the master when it connects."""
        own = dict(limits)
        if self.sentinel_password:
            own["password"] = self.sentinel_password
        login = {"username": self.username or None, "password": self.password or None}
        found: redis.Redis = Sentinel(self.sentinels, sentinel_kwargs=own).master_for(
            self.master, db=self.database, **login, **limits
        )
        return found


def _host(text: str) -> tuple[str, int]:
    name, _colon, port = text.rpartition(":")
    if not name:
        name, port = text, str(SENTINEL_PORT)
    if not name or not port.isdecimal():
        raise ValueError(f"{text!r} is not the host of a Sentinel")
    return name.strip("[]"), int(port)


def is_watched(url: str) -> bool:
    """Whether Sentinels say where the broker is."""
    return url.startswith("sentinel://")


def celery_address(url: str) -> tuple[str, dict[str, Any]]:
    """Celery's address of the broker, and transport options. Raises `ValueError`."""
    if not is_watched(url):
        return url, {}
    watched = Watched.read(url)
    return watched.kombu_url, watched.kombu_options


def client_of(url: str, **limits: Any) -> redis.Redis:
    """A plain client of the broker. Raises `ValueError` for what is no address."""
    if is_watched(url):
        return Watched.read(url).client(**limits)
    if url.startswith("redis+socket:"):
        parts = urlsplit(url)
        number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
        return redis.Redis(unix_socket_path=unquote(parts.path), db=int(number), **limits)
    return redis.Redis.from_url(url, **limits)

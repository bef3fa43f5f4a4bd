"""The broker's address in `REDIS_URL`, for Celery and for plain Redis clients.

Three forms: `redis://host:6379/0` (`rediss://` with TLS), `redis+socket:///path?virtual_host=0`,
and for a broker with Sentinels `sentinel://:password@one:26379,two:26379/0?master=name`. The
password is the broker's; `sentinel_password` in the query is that of the Sentinels. Each connection
asks the Sentinels which server is the master.
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
class SentinelAddress:
    """A broker behind Sentinels."""

    sentinels: tuple[tuple[str, int], ...]
    master: str
    database: int
    username: str
    password: str
    sentinel_password: str

    @classmethod
    def read(cls, url: str) -> SentinelAddress:
        """Returns the parts of an address. Raises `ValueError` with a message of one line."""
        # Without urllib, which accepts only one host.
        location, _mark, parameters = url.removeprefix("sentinel://").partition("?")
        servers, _slash, path = location.partition("/")
        query = parse_qs(parameters)
        credentials, _at, hosts = servers.rpartition("@")
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
        """Celery's form of the address: one address for each Sentinel."""
        login = ""
        if self.username or self.password:
            login = f"{quote(self.username, safe='')}:{quote(self.password, safe='')}@"
        hosts = [(f"[{host}]" if ":" in host else host, port) for host, port in self.sentinels]
        return ";".join(f"sentinel://{login}{host}:{port}/{self.database}" for host, port in hosts)

    @property
    def kombu_options(self) -> dict[str, Any]:
        """Celery's transport options beside the address."""
        # With None, connections to the Sentinels have the time limits of those to the broker.
        sentinel_options = (
            {"password": self.sentinel_password, **LIMITS} if self.sentinel_password else None
        )
        return {"master_name": self.master, "sentinel_kwargs": sentinel_options}

    def client(self, **limits: Any) -> redis.Redis:
        """Returns a client of the server that is the master when it connects."""
        sentinel_options = dict(limits)
        if self.sentinel_password:
            sentinel_options["password"] = self.sentinel_password
        login = {"username": self.username or None, "password": self.password or None}
        sentinel = Sentinel(self.sentinels, sentinel_kwargs=sentinel_options)
        client: redis.Redis = sentinel.master_for(self.master, db=self.database, **login, **limits)
        return client


def _host(text: str) -> tuple[str, int]:
    name, _colon, port = text.rpartition(":")
    if not name:
        name, port = text, str(SENTINEL_PORT)
    if not name or not port.isdecimal():
        raise ValueError(f"{text!r} is not the host of a Sentinel")
    return name.strip("[]"), int(port)


def has_sentinels(url: str) -> bool:
    """Returns whether the address names Sentinels."""
    return url.startswith("sentinel://")


def celery_address(url: str) -> tuple[str, dict[str, Any]]:
    """Returns the address and transport options for Celery. Raises `ValueError`."""
    if not has_sentinels(url):
        return url, {}
    address = SentinelAddress.read(url)
    return address.kombu_url, address.kombu_options


def client_of(url: str, **limits: Any) -> redis.Redis:
    """Returns a plain client of the broker. Raises `ValueError` for an invalid address."""
    if has_sentinels(url):
        return SentinelAddress.read(url).client(**limits)
    if url.startswith("redis+socket:"):
        parts = urlsplit(url)
        number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
        return redis.Redis(unix_socket_path=unquote(parts.path), db=int(number), **limits)
    return redis.Redis.from_url(url, **limits)

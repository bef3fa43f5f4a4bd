"""Where the broker is: one address, read the same by everybody."""

from __future__ import annotations

import pytest
from kombu import Connection
from redis.sentinel import SentinelConnectionPool

from officeflow.broker_address import SentinelAddress, celery_address, client_of

URL = "sentinel://desk:p%40ss@one:1001,two,[::1]:1003/2?master=office&sentinel_password=other"


def test_an_address_with_sentinels_is_read() -> None:
    assert SentinelAddress.read(URL) == SentinelAddress(
        sentinels=(("one", 1001), ("two", 26379), ("::1", 1003)),
        master="office",
        database=2,
        username="desk",
        password="p@ss",
        sentinel_password="other",
    )


def test_celery_gets_the_address_of_each_sentinel() -> None:
    url, options = celery_address(URL)
    connection = Connection(url, transport_options=options)
    assert connection.alt == [
        "sentinel://desk:p%40ss@one:1001/2",
        "sentinel://desk:p%40ss@two:26379/2",
        "sentinel://desk:p%40ss@[::1]:1003/2",
    ]
    assert (connection.password, connection.virtual_host) == ("p@ss", "2")
    assert options["master_name"] == "office"
    assert options["sentinel_kwargs"]["password"] == "other"
    assert options["sentinel_kwargs"]["socket_timeout"] < 1


def test_a_client_asks_the_sentinels() -> None:
    pool = client_of(URL, socket_timeout=0.5).connection_pool
    assert isinstance(pool, SentinelConnectionPool)
    assert (pool.service_name, pool.connection_kwargs["db"]) == ("office", 2)


@pytest.mark.parametrize("url", ["redis://one:6379/3", "redis+socket:///tmp/s?virtual_host=3"])
def test_other_addresses_are_as_they_were(url: str) -> None:
    assert celery_address(url) == (url, {})
    assert client_of(url).connection_pool.connection_kwargs["db"] == 3


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("sentinel://one:1/0", "master"),
        ("sentinel://one:x/0?master=m", "one:x"),
        ("sentinel://one:1,/0?master=m", "host"),
        ("sentinel://one:1/first?master=m", "first"),
    ],
)
def test_an_invalid_address_is_refused_with_its_reason(url: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        celery_address(url)

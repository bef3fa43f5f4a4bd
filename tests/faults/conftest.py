"""One office for all fault tests; each leaves it whole, which the next one relies on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from officeflow.local.pytest_plugin import Room
from tests.faults.house import House


@pytest.fixture(scope="session")
def running_office() -> Iterator[House]:
    room = Room()
    house = House(room.path)
    try:
        house.open()
        yield house
    finally:
        house.close()
        room.clear()


@pytest.fixture
def house(running_office: House) -> House:
    """The office with every part running, nothing armed and no trouble made."""
    house = running_office
    for path in house.faults.iterdir():
        path.unlink()
    with contextlib.suppress(FileNotFoundError):
        house.trouble_file.unlink()
    house.until(lambda: house.tell("alive")["ready"] is True, "the office is ready")
    return house

"""The office that all fault tests share; each test leaves it in working order."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from officeflow.local.pytest_plugin import TemporaryFolder
from tests.faults.breakable_office import BreakableOffice


@pytest.fixture(scope="session")
def running_office() -> Iterator[BreakableOffice]:
    folder = TemporaryFolder()
    office = BreakableOffice(folder.path)
    try:
        office.open()
        yield office
    finally:
        office.close()
        folder.delete()


@pytest.fixture
def office(running_office: BreakableOffice) -> BreakableOffice:
    """The office with every part running and without faults."""
    office = running_office
    for path in office.faults.iterdir():
        path.unlink()
    with contextlib.suppress(FileNotFoundError):
        office.failure_file.unlink()
    office.until(lambda: office.tell("alive")["ready"] is True, "the office is ready")
    return office

"""The office of the drill, which all cases share; it is repaired before each case."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import IO

import pytest

from officeflow.local.pytest_plugin import TemporaryFolder
from tests.faults.drill import history, table
from tests.faults.drill.case import Case
from tests.faults.drill.office import Office
from tests.faults.drill.plugin import FOLDER

# The order of the files in the table; files that are not named come before the mix.
ORDER = ("web", "workers", "redis", "connections", "postgres", "concurrent_requests")
LAST = "mix"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the cases as part of `make faults` and sorts them."""
    ours = [item for item in items if "faults/drill/" in item.path.as_posix()]
    for item in ours:
        item.add_marker(pytest.mark.drill)

    def place(item: pytest.Item) -> int:
        name = item.path.stem.removeprefix("test_")
        return ORDER.index(name) if name in ORDER else len(ORDER) + (name == LAST)

    others = [item for item in items if item not in ours]
    items[:] = others + sorted(ours, key=place)


@pytest.fixture(scope="session")
def running_office() -> Iterator[Office]:
    folder = TemporaryFolder()
    office = Office(folder.path)
    try:
        office.open()
        yield office
    finally:
        office.close()
        folder.delete()


@pytest.fixture(scope="session")
def history_file() -> Iterator[IO[str]]:
    shutil.rmtree(FOLDER / "logs", ignore_errors=True)  # of earlier failures
    with history.open_file(FOLDER / "history.jsonl") as file:
        yield file


@pytest.fixture
def office(running_office: Office) -> Office:
    running_office.repair()
    return running_office


@pytest.fixture
def case(request: pytest.FixtureRequest, office: Office, history_file: IO[str]) -> Iterator[Case]:
    seed = request.config.getoption("seed", default="1")
    result = table.Result(case=table.title(request.node), seed=seed)
    case = Case(office, result, history_file)
    try:
        yield case
    finally:
        case.end()
        table.RESULTS.append(result)

"""One office for the whole drill; each case leaves it whole, or the next one mends it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import IO

import pytest

from officeflow.local.pytest_plugin import TemporaryFolder
from tests.faults.drill import history, table
from tests.faults.drill.office import Office
from tests.faults.drill.plugin import FOLDER
from tests.faults.drill.trial import Trial

# In the order in which somebody would ask; what is not named comes before the mix.
ORDER = ("web", "workers", "redis", "wires", "postgres", "people")
LAST = "mix"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is part of `make faults` alone."""
    ours = [item for item in items if "faults/drill/" in item.path.as_posix()]
    for item in ours:
        item.add_marker(pytest.mark.drill)

    def place(item: pytest.Item) -> int:
        name = item.path.stem.removeprefix("test_")
        return ORDER.index(name) if name in ORDER else len(ORDER) + (name == LAST)

    others = [item for item in items if item not in ours]
    items[:] = others + sorted(ours, key=place)


@pytest.fixture(scope="session")
def open_office() -> Iterator[Office]:
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
    shutil.rmtree(FOLDER / "logs", ignore_errors=True)  # of what did not hold an earlier time
    with history.open_file(FOLDER / "history.jsonl") as file:
        yield file


@pytest.fixture
def office(open_office: Office) -> Office:
    open_office.mend()
    return open_office


@pytest.fixture
def trial(request: pytest.FixtureRequest, office: Office, history_file: IO[str]) -> Iterator[Trial]:
    seed = request.config.getoption("seed", default="1")
    result = table.Result(case=table.title(request.node), seed=seed)
    trial = Trial(office, result, history_file)
    try:
        yield trial
    finally:
        trial.end()
        table.RESULTS.append(result)

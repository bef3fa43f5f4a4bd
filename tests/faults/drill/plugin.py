"""The pytest plugin of `make faults`: its options, and the table at the end."""

from __future__ import annotations

import signal
import time
from collections.abc import Generator
from typing import Any

import pytest

from tests.faults.breakable_office import PROJECT
from tests.faults.drill import table

FOLDER = PROJECT / "var" / "faults"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--seed` determines the clients' requests and the times of the faults."""
    parser.addoption("--seed", default="1", help="seed of the load and the faults (default: 1)")
    parser.addoption("--docs", action="store_true", help="write the table into docs/handoff.md")


def pytest_configure(config: pytest.Config) -> None:
    """Lets SIGTERM end the run as Ctrl-C does, so that no process is left."""
    config.stash[BEGAN] = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)


BEGAN = pytest.StashKey[float]()


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Adds a skipped case to the table."""
    report = yield
    if report.skipped and report.when != "teardown" and item.get_closest_marker("drill"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        result = table.Result(case=table.title(item), seed="", outcome="skipped")
        result.note = reason.removeprefix("Skipped: ")
        table.RESULTS.append(result)
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Prints the table, and the folder of its files."""
    if not table.RESULTS:
        return
    seconds = time.monotonic() - config.stash[BEGAN]
    table.write(FOLDER, table.RESULTS, config.getoption("seed"), seconds)
    if config.getoption("docs"):
        table.write_docs(PROJECT / "docs" / "handoff.md", table.RESULTS)
    terminalreporter.section("results of make faults")
    terminalreporter.write_line(table.markdown(table.RESULTS))
    terminalreporter.write_line(
        f"{len(table.RESULTS)} cases in {seconds / 60:.1f} min; the table, the figures and the "
        f"clients' requests are in {FOLDER.relative_to(PROJECT)}/"
    )

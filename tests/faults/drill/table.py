"""The results of the drill: one row for each case, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

HEADINGS = (
    "case",
    "seed",
    "fired",
    "acknowledged (requests)",
    "hand-offs",
    "attempts",
    "lost",
    "duplicates",
    "recovered",
    "time to recover",
    "",
)


@dataclass
class Result:
    """The result of one case."""

    case: str
    seed: str
    what: str = ""  # the kind of fault
    fired: int = 0  # how often it happened
    asked: int = 0  # acknowledged orders, complaints, payments and cancellations
    requests: int = 0  # sent for them, with repetitions
    handoffs: int = 0
    attempts: int = 0  # of these hand-offs
    lost: int = 0
    twice: int = 0
    recovered: int = 0  # hand-offs that were delayed by the fault and then applied
    seconds: float | None = None  # the longest of them waited after the repair
    bound: float | None = None  # the promised seconds
    outcome: str = "failed"  # or "held" or "skipped"
    note: str = ""
    problems: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        """Returns the cells of the table's row."""
        if self.outcome == "skipped":
            return [self.case, *[""] * 9, f"left out: {self.note}"]
        time = ""
        if self.seconds is not None:
            time = f"{self.seconds:.1f} s of {self.bound:.1f}" if self.bound else ""
        return [
            self.case,
            self.seed,
            f"{self.fired} {self.what}".strip(),
            f"{self.asked} ({self.requests})",
            str(self.handoffs),
            str(self.attempts),
            str(self.lost),
            str(self.twice),
            str(self.recovered),
            time,
            "; ".join(filter(None, [self.outcome, self.note])),
        ]


RESULTS: list[Result] = []


def title(item: pytest.Item) -> str:
    """Returns a case's title: its docstring's first line with the parameters filled in."""
    function = getattr(item, "function", None)
    words = (getattr(function, "__doc__", "") or item.name).strip().splitlines()[0]
    callspec = getattr(item, "callspec", None)
    return words.format(**callspec.params) if callspec else words


def markdown(results: list[Result]) -> str:
    """Returns the table with aligned columns."""
    rows = [list(HEADINGS), *([result.cells() for result in results])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "| " + " | ".join("-" * max(3, width) for width in widths) + " |"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def compact(results: list[Result]) -> str:
    """Returns the table without padding."""
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(result.cells() for result in results)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def write(folder: Path, results: list[Result], seed: str, seconds: float) -> None:
    """Writes the table and the figures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.md").write_text(compact(results))
    about = {
        "seed": seed,
        "seconds": round(seconds, 1),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "cases": [asdict(result) for result in results],
    }
    (folder / "results.json").write_text(json.dumps(about, indent=1) + "\n")


BEGIN, END = "<!-- make faults: from here -->", "<!-- make faults: to here -->"


def write_docs(page: Path, results: list[Result]) -> None:
    """Replaces the table between the two comments of a document."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    assert after, f"{page} has no place for the table"
    page.write_text(f"{before}{BEGIN}\n\n{compact(results)}\n{END}{after}")

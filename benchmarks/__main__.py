"""`make bench`: runs the named benchmarks, else those of hand-offs, one after the other.

make bench                                  # handoff and size
make bench ARGS='dashboards search imports'
make bench ARGS='pages --quick'
make bench ARGS='handoff --count 500'       # options go to the benchmark before them
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OF_HANDOFFS = ["handoff", "size"]


def main(words: list[str]) -> int:
    """Runs the benchmarks; returns the exit code of the first that fails, else 0."""
    known = sorted(path.stem for path in HERE.glob("[a-z]*.py"))
    runs: list[list[str]] = []
    for word in words or OF_HANDOFFS:
        if word in known:
            runs.append([word])
        elif runs and runs[-1][0] in known:
            runs[-1].append(word)
        else:
            print(f"bench: unknown {word}; choose from {', '.join(known)}", file=sys.stderr)
            return 2
    for name, *options in runs:
        print(f"\n# {name}", flush=True)
        done = subprocess.run([sys.executable, HERE / f"{name}.py", *options], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

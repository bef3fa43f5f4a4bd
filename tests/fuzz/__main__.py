"""`make fuzz`: calls every operation of the API with generated requests, as every role.

    make fuzz
    make fuzz ARGS='--examples 20 --role hr --seed 3'
    make fuzz ARGS='--role receptionist --operation order_create'

Starts an office with its own engines and a demo company, and lets Schemathesis call it by its
description, docs/openapi.yaml. Fails when an answer is an error of the server, takes too long or is
not as described, and when hand-offs are inconsistent or dead afterwards.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from typing import Any

import yaml

from officeflow.local.output import say
from officeflow.local.var_folder import PROJECT, OfficeError
from officeflow.permissions import Role
from tests.fuzz import TECHNICAL_ADMIN, configuration, results
from tests.fuzz.office import Office

DESCRIPTION = PROJECT / "docs" / "openapi.yaml"
FOLDER = PROJECT / "var" / "fuzz"
NOBODY = "no-token"
ROLES = (*(role.value for role in Role), TECHNICAL_ADMIN, NOBODY)
# Boundary values (coverage) are many calls. Without --role only these roles make them, which
# together may do most; the others would be refused.
BOUNDARIES = [Role.MANAGER.value, Role.FULFILMENT.value]
PHASES = ("coverage", "fuzzing", "stateful")
SIGN_OUTS = 30  # tokens of each role for calls that end them
STOP_SECONDS = 10


def main(words: list[str]) -> int:
    """Runs the calls of each role and prints the table; returns 1 when anything is wrong."""
    asked = arguments(words)
    signal.signal(signal.SIGTERM, interrupt)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Office() as office:
        data = office.ask(f"prepare({asked.role!r}, {SIGN_OUTS})")
        deadline = time.monotonic() + asked.minutes * 60
        found = [call_as(role, office, data, asked, deadline) for role in asked.role]
        say("waiting until all hand-offs are applied")
        wrong = office.check()
    print(results.table(found))
    for result in found:
        if result.failures:
            print(results.failures(result, again(asked, result.role)))
    for line in wrong:
        print(line)
    failed = sum(len(result.failures) for result in found)
    unfinished = [result.role for result in found if not result.is_finished or not result.calls]
    if unfinished:
        print(f"not finished: {', '.join(unfinished)}; see {FOLDER.relative_to(PROJECT)}/")
    if not (failed or wrong or unfinished):
        print("every answer is as described, and every hand-off is consistent")
    return 1 if failed or wrong or unfinished else 0


def arguments(words: list[str]) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--examples", type=int, default=10, help="generated calls of an operation")
    parser.add_argument("--role", action="append", choices=ROLES, help="only this role; repeatable")
    parser.add_argument("--operation", action="append", default=[], help="only this operation id")
    parser.add_argument("--seed", type=int, default=1, help="determines the generated values")
    parser.add_argument("--minutes", type=float, default=15, help="ends the calls after this time")
    asked = parser.parse_args(words)
    asked.boundaries = asked.role or BOUNDARIES
    asked.role = asked.role or list(ROLES)
    return asked


def interrupt(number: int, frame: Any) -> None:
    """Lets SIGTERM end the run as Ctrl-C does, so that no process is left."""
    raise KeyboardInterrupt


def described_operations(only: list[str]) -> set[str]:
    """Returns the operations that are called, such as "GET /api/v1/orders/"."""
    paths = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))["paths"]
    named = {
        operation["operationId"]: f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method, operation in methods.items()
    }
    if unknown := sorted(set(only) - set(named)):
        raise OfficeError(f"{DESCRIPTION.name} has no operation {', '.join(unknown)}")
    return {named[each] for each in only or named}


def call_as(
    role: str, office: Office, data: dict[str, Any], asked: argparse.Namespace, deadline: float
) -> results.Result:
    """Calls the operations as one role until they are done or the time is over."""
    result = results.Result(role, described_operations(asked.operation))
    settings, events = FOLDER / f"{role}.toml", FOLDER / f"{role}.ndjson"
    events.unlink(missing_ok=True)
    values = data["values"] | {"tickets": data["tickets"].get(role) or data["values"]["tickets"]}
    configuration.write(settings, values=values, seed=asked.seed, examples=asked.examples)
    command = [sys.executable, "-m", "schemathesis.cli"]
    command += ["--config-file", str(settings), "run", str(DESCRIPTION), "--url", office.address]
    command += ["--no-color", "--report-ndjson-path", str(events)]
    command += ["--phases", ",".join(PHASES if role in asked.boundaries else PHASES[1:])]
    for operation in asked.operation:
        command += ["--include-operation-id", operation]
    environment = os.environ | {
        "FUZZ_TOKEN": data["tokens"].get(role, ""),
        "FUZZ_TOKENS_TO_END": " ".join(data["ended"].get(role, [])),
    }
    began = time.monotonic()
    with (FOLDER / f"{role}.log").open("wb") as log:
        run = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
        try:
            run.wait(max(1.0, deadline - began))
        except subprocess.TimeoutExpired:
            run.terminate()
            wait_or_kill(run)
        except BaseException:
            run.kill()
            run.wait()
            raise
    results.read(events, result)
    result.seconds = time.monotonic() - began
    say(f"{role}: {result.calls} calls, {len(result.failures)} failures")
    return result


def wait_or_kill(run: subprocess.Popen[bytes]) -> None:
    """Waits some seconds for a process that was asked to end, then ends it."""
    try:
        run.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        run.kill()
        run.wait()


def again(asked: argparse.Namespace, role: str) -> str:
    """Returns the command that repeats the calls of one role."""
    words = [f"--role {role}"]
    words += [f"--seed {asked.seed}", f"--examples {asked.examples}"]
    words += [f"--operation {operation}" for operation in asked.operation]
    return f'make fuzz ARGS="{" ".join(words)}"'


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OfficeError as error:
        sys.exit(f"fuzz: {error}")
    except KeyboardInterrupt:
        sys.exit(130)

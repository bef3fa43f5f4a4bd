"""``make manage``: runs one management command on the office, whether the office runs or not."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping

from officeflow.local import postgres_user
from officeflow.local.office_servers import open_servers
from officeflow.local.run_options import RunOptions
from officeflow.local.var_folder import PROJECT, Var


def manage(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run ``manage.py`` with these arguments and return its exit code.

    Raises:
        OfficeError: the office's servers are not available; the message is one line.
    """
    options, var = RunOptions.from_environment(environment), Var.from_environment(environment)
    with open_servers(options, var, with_broker=True) as (database_url, redis_url):
        # Links that a command prints lead to the running office, whatever PORT says here.
        address = str(var.holder_state().get("address") or options.address)
        return call(
            arguments,
            options.program_environment(var, database_url, redis_url, address=address),
        )


def call(arguments: list[str], environment: dict[str, str]) -> int:
    """Run the command in the caller's terminal and return its exit code as a shell would."""
    command = postgres_user.launcher(None, os.getpid(), signal.SIGTERM)
    command += [sys.executable, "manage.py", *arguments]
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as process:
        # The command handles Ctrl-C itself: it may be showing a prompt.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = process.wait()
        except SystemExit:
            process.terminate()
            raise
        finally:
            signal.signal(signal.SIGINT, before)
    return 128 - code if code < 0 else code

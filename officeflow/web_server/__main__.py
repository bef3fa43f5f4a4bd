"""Runs the web server: `python -m officeflow.web_server --listen 127.0.0.1:8000`.

The application is loaded once and then forked. The first process replaces those that die. SIGTERM
ends all of them after their running requests.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import NoReturn

from django.db import connections
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from officeflow.wsgi import application

# A process that ended within this of its start is replaced only after this pause, in seconds.
RESTART_PAUSE_SECONDS = 1.0
MOST_FILES = 8192
# A connection can use a temporary file for its body and one for its answer.
FILES_PER_CONNECTION = 3


def options() -> Namespace:
    """Reads the command line."""
    parser = ArgumentParser(prog="python -m officeflow.web_server", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--listen", help="HOST:PORT; an IPv6 address in brackets")
    where.add_argument("--unix", help="the path of a Unix socket")
    where.add_argument("--fd", type=int, help="an inherited listening socket")
    parser.add_argument("--processes", type=int, default=2, help="default: 2")
    parser.add_argument("--threads", type=int, default=4, help="of each process; default: 4")
    return parser.parse_args()


def listener(chosen: Namespace) -> socket.socket:
    """Returns the listening socket."""
    if chosen.fd is not None:
        return socket.socket(fileno=chosen.fd)
    if chosen.unix:
        found = socket.socket(socket.AF_UNIX)
        path = Path(chosen.unix)
        path.unlink(missing_ok=True)  # left by a killed process
        found.bind(chosen.unix)
        path.chmod(0o660)
        found.listen(1024)
        return found
    host, _, port = chosen.listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, int(port)), family=family, backlog=1024)


def connection_limit() -> int:
    """Returns how many connections a process may have, after raising its limit of open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(50, min(2000, (soft - 100) // FILES_PER_CONNECTION))


class Processes:
    """The processes of the web server."""

    def __init__(self, chosen: Namespace) -> None:
        self.threads = chosen.threads
        self.count = chosen.processes
        self.listener = listener(chosen)
        self.connection_limit = connection_limit()
        self.parent = os.getpid()
        self.running: dict[int, float] = {}  # process id → start
        self.is_stopping = False

    def run(self) -> None:
        """Runs until SIGTERM or SIGINT."""
        connections.close_all()  # the children must not share the parent's connections
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for _ in range(self.count):
            self._start()
        while self.running:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            assert ended is not None  # only WNOHANG returns nothing
            began = self.running.pop(ended.si_pid)
            os.waitpid(ended.si_pid, 0)  # from now on the id may be another process's
            if not self.is_stopping and time.monotonic() - began < RESTART_PAUSE_SECONDS:
                time.sleep(RESTART_PAUSE_SECONDS)
            if not self.is_stopping:
                self._start()

    def _start(self) -> None:
        pid = os.fork()
        if pid == 0:
            self._serve()
        self.running[pid] = time.monotonic()
        if self.is_stopping:  # the signal came before the fork was registered
            os.kill(pid, signal.SIGTERM)

    def _serve(self) -> NoReturn:
        # Imported here and not above: the server's classes want the settings.
        from officeflow.web_server.connections import (
            WAITRESS,
            LimitedTcpServer,
            LimitedUnixServer,
            without_body_of_head,
        )

        exit_code = 1
        try:
            dispatcher = ThreadedTaskDispatcher()
            dispatcher.set_thread_count(self.threads)
            of_unix = self.listener.family == socket.AF_UNIX
            server = (LimitedUnixServer if of_unix else LimitedTcpServer)(
                without_body_of_head(application),
                _sock=self.listener,
                dispatcher=dispatcher,
                adj=Adjustments(**WAITRESS, connection_limit=self.connection_limit),
                sockinfo=(self.listener.family, socket.SOCK_STREAM, 0, None),
                bind_socket=False,
            )
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
            # A parent that was killed sends no signal.
            server.serve(lambda: self.is_stopping or os.getppid() != self.parent)
            exit_code = 0
        except Exception:
            logging.getLogger(__name__).exception("the web server failed")
        finally:
            os._exit(exit_code)

    def _stop(self, *_: object) -> None:
        self.is_stopping = True
        if os.getpid() == self.parent:  # a child inherits the handler and the older processes
            for pid in self.running:
                os.kill(pid, signal.SIGTERM)


def main() -> int:
    """Runs the server until it is stopped; returns the exit code."""
    try:
        Processes(options()).run()
    except OSError as error:
        sys.stderr.write(f"officeflow: the web cannot listen: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

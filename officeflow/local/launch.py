"""Starts one program so that it ends when the process that started it ends.

Run by path with the office's Python; it replaces itself with the program:

    launch.py --parent PID [--death-signal N] [--namespace | --account UID:GID] -- PROGRAM ARG…

The program gets its death signal when its parent dies. For PostgreSQL, which refuses to run as
root, the launcher can first enter a user namespace in which root has the id 1000, or change to
another account. It is a separate program because these steps have to happen between fork and exec,
where a process with threads must not run Python. It uses the standard library alone.

Exit codes of the launcher: 125 the parent has ended, 126 a step before exec is not allowed, 127 the
program cannot be started.
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
INSIDE_ID = 1000  # the id of root inside the namespace

PARENT_GONE = 125
NOT_ALLOWED = 126
NOT_STARTED = 127


def enter_namespace() -> None:
    """Enter a user namespace in which this process is not root.

    Raises:
        OSError: the kernel or the container does not allow it.
    """
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE_ID} {uid} 1"),
        ("gid_map", f"{INSIDE_ID} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as handle:
            handle.write(text)


def change_account(uid: int, gid: int) -> None:
    """Change to another account permanently.

    Raises:
        OSError: this process may not change its account.
    """
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def set_death_signal(parent: int, number: int) -> None:
    """Ask the kernel for signal ``number`` when ``parent`` dies; exit when it has died already."""
    if sys.platform == "linux":
        # A change of account clears the request, so this comes after it.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(PARENT_GONE)


def main(arguments: list[str]) -> int:
    """Do the steps that the arguments name and run the program; returns only after a failure."""
    separator = arguments.index("--")
    options, program = arguments[:separator], arguments[separator + 1 :]
    parent, death_signal = 0, int(signal.SIGTERM)
    try:
        while options:
            option = options.pop(0)
            if option == "--namespace":
                enter_namespace()
            elif option == "--account":
                uid, gid = options.pop(0).split(":")
                change_account(int(uid), int(gid))
            elif option == "--parent":
                parent = int(options.pop(0))
            elif option == "--death-signal":
                death_signal = int(options.pop(0))
            else:
                print(f"launch: unknown option {option}", file=sys.stderr)
                return NOT_ALLOWED
    except OSError as error:
        print(f"launch: {error.strerror}", file=sys.stderr)
        return NOT_ALLOWED
    # Python ignores these two signals, and an ignored signal stays ignored after exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    if parent:
        set_death_signal(parent, death_signal)
    try:
        os.execvp(program[0], program)
    except OSError as error:
        print(f"launch: {program[0]}: {error.strerror}", file=sys.stderr)
        return NOT_STARTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

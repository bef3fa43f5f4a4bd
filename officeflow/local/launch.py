"""Start one program so that it cannot outlive the process that started it.

Called by path with the office's Python, before the program it becomes:

    launch.py --parent PID [--death-signal N] [--namespace | --account UID:GID] -- PROGRAM ARG…

The program gets its death signal when its parent dies, for whatever reason. For PostgreSQL, which
refuses to run as root, the launcher can first enter a user namespace in which root is called 1000,
or change to another account. It is a program of its own because these steps have to happen between
fork and exec, where a process with threads must not run Python. Only the standard library is used.

Exit codes of the launcher itself: 125 the parent is gone, 126 the step before exec is not allowed,
127 the program cannot be started.
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
INSIDE_ID = 1000  # what root is called inside the namespace

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
    """Become another account, for good.

    Raises:
        OSError: this process may not change its account.
    """
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, number: int) -> None:
    """Ask for signal ``number`` when ``parent`` dies; leave at once when it already has."""
    if sys.platform == "linux":
        # After every change of credentials, because each one clears the request.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(PARENT_GONE)


def main(arguments: list[str]) -> int:
    """Do the steps that the arguments name and become the program; returns only on failure."""
    cut = arguments.index("--")
    options, program = arguments[:cut], arguments[cut + 1 :]
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
    # Python ignores these two, and an ignored signal stays ignored through exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    if parent:
        die_with(parent, death_signal)
    try:
        os.execvp(program[0], program)
    except OSError as error:
        print(f"launch: {program[0]}: {error.strerror}", file=sys.stderr)
        return NOT_STARTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Makes ``.venv`` and then does what was asked in it: the first thing that the Makefile calls.

Run by whatever Python 3.11 or newer the machine has, before anything is installed, so it uses the
standard library alone and imports nothing of the project.

    bootstrap.py run | manage | backup | restore | reset | test [ARG…] | faults | bench | lint
        | lock | messages | openapi | screenshots

A stamp in ``.venv`` says which requirements it holds, so the second time takes no time; a mark that
is there while pip works tells the next start that pip was interrupted, and ``.venv`` is made again.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "officeflow.json"
MARK = VENV / "officeflow.installing"
RUN = "requirements.txt"
DEV = "requirements-dev.txt"
NEEDS = {
    "run": RUN,
    "manage": RUN,
    "reset": RUN,
    "backup": RUN,
    "restore": RUN,
    "test": DEV,
    "faults": DEV,
    "bench": DEV,
    "lint": DEV,
    "lock": DEV,
    "messages": DEV,
    "openapi": DEV,
    "screenshots": DEV,
}


class SetUpError(Exception):
    """The environment cannot be made; the message is one line that says what to do."""


def say(text: str) -> None:
    """One line of progress on standard error."""
    print(f"set-up   | {text}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> None:
    """Prepare the environment and become the command."""
    command, *rest = arguments
    if command == "test":
        # Only root may install the system's browser, so before another account may be taken.
        prepare_system_browser()
    become_owner()
    make_environment(NEEDS[command])
    os.chdir(PROJECT)
    python = str(PYTHON)
    if command == "lock":
        lock(python)
        return
    if command == "test":
        subprocess.run([python, "-m", "officeflow.local", "browser"], check=False)
        workers = ["-n", "3"]  # on two cores: a test that waits for a process lets another run
        os.execv(python, [python, "-m", "pytest", *workers, *(rest or test_arguments())])
    if command == "bench":
        os.execv(python, [python, "-m", "benchmarks", *(rest or test_arguments())])
    if command == "faults":
        drill = ["-p", "tests.faults.drill.plugin", "-m", "drill", "-q", "tests/faults"]
        os.execv(python, [python, "-m", "pytest", *drill, *(rest or test_arguments())])
    os.execv(python, [python, "-m", "officeflow.local", command, *rest])


def test_arguments() -> list[str]:
    """What ``make test ARGS='…'`` names, else everything; so with ``faults`` and ``bench``."""
    import shlex

    try:
        return shlex.split(os.environ.get("ARGS", ""))
    except ValueError as error:
        raise SetUpError(f"ARGS cannot be read: {error}") from error


# --- as whom ------------------------------------------------------------------------------------


def become_owner() -> None:
    """As root in somebody else's project, go on as its owner, who keeps owning what is made.

    Where the owner cannot reach the project or this Python, root goes on.
    """
    owner = PROJECT.stat()
    if os.geteuid() != 0 or owner.st_uid == 0 or not owner_can_work(owner.st_uid, owner.st_gid):
        return
    with contextlib.suppress(KeyError):
        entry = pwd.getpwuid(owner.st_uid)
        os.environ.update(HOME=entry.pw_dir, USER=entry.pw_name, LOGNAME=entry.pw_name)
        say(f"continuing as {entry.pw_name}, who owns {PROJECT}")
    take_account(owner.st_uid, owner.st_gid)


def take_account(uid: int, gid: int) -> None:
    """Become another account, with its groups."""
    try:
        os.initgroups(pwd.getpwuid(uid).pw_name, gid)
    except KeyError:
        os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def owner_can_work(uid: int, gid: int) -> bool:
    """Whether that account could write into the project and run this Python; tried in a child."""
    child = os.fork()
    if child == 0:
        try:
            take_account(uid, gid)
            writable = os.access(PROJECT, os.R_OK | os.W_OK | os.X_OK)
            venv = not VENV.exists() or os.access(VENV, os.W_OK)
            named = os.environ.get("OFFICEFLOW_VAR") or str(PROJECT / "var")
            var = not os.path.exists(named) or os.access(named, os.R_OK | os.W_OK | os.X_OK)
            python = os.access(sys.executable, os.X_OK) and os.access(os.__file__, os.R_OK)
            os._exit(0 if writable and venv and var and (python or works(PYTHON)) else 1)
        except OSError:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


# --- the environment ----------------------------------------------------------------------------


def make_environment(requirements: str) -> None:
    """Make ``.venv`` hold what ``requirements`` lists, unless it does already.

    Raises:
        SetUpError: it cannot be made.
    """
    if is_fresh(requirements):
        return
    with locked():
        if is_fresh(requirements):  # somebody else has just made it
            return
        if VENV.exists() and (MARK.exists() or not works(PYTHON)):
            say("the last set-up did not finish: starting again")
            shutil.rmtree(VENV)
        if not VENV.exists():
            create()
        MARK.touch()
        say(f"installing the packages in {requirements} from the package index")
        pip("--requirement", str(PROJECT / requirements))
        # The development list holds the other one whole.
        held = [RUN, DEV] if requirements == DEV else [RUN]
        STAMP.write_text(json.dumps({"python": version()} | {name: digest(name) for name in held}))
        MARK.unlink()


def is_fresh(requirements: str) -> bool:
    """Whether ``.venv`` holds just what ``requirements`` lists, for this Python."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return (
        not MARK.exists()
        and isinstance(stamp, dict)
        and stamp.get(requirements) == digest(requirements)
        and os.access(PYTHON, os.X_OK)
        and stamp.get("python") == version()
    )


def version() -> str:
    """The version and the home of the Python that ``.venv`` stands on."""
    try:
        settings = (VENV / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return ""
    return "; ".join(line for line in settings if line.split(" ")[0] in ("home", "version"))


def digest(name: str) -> str:
    """The hash of a file of the project."""
    return hashlib.sha256((PROJECT / name).read_bytes()).hexdigest()


def works(python: Path) -> bool:
    """Whether this Python starts, is new enough and has pip."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([python, "-c", check], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def create() -> None:
    """Make an empty ``.venv`` with pip in it.

    Raises:
        SetUpError: there is no way to get pip.
    """
    say(f"making .venv with Python {sys.version.split()[0]}")
    try:
        import ensurepip  # noqa: F401  # Debian keeps it in a package of its own
        import venv  # noqa: F401

        arguments = ["-m", "venv", str(VENV)]
    except ImportError:
        arguments = ["-m", "venv", "--without-pip", str(VENV)]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        words = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise SetUpError(f".venv cannot be made ({words[-1]}): install python3-venv and try again")
    MARK.touch()
    if not works(PYTHON):
        borrow_pip()


def borrow_pip() -> None:
    """Put pip into ``.venv`` where Python came without ensurepip.

    The machine's own pip can do it; else the index that is named to pip, or as root Debian's
    package.

    Raises:
        SetUpError: neither worked.
    """
    say("this Python comes without ensurepip: looking for pip elsewhere")
    command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "pip"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0 and works(PYTHON):
        return
    if sibling("bootstrap_pip").install(PYTHON, VENV) and works(PYTHON):
        return
    if install_debians_venv() and works(PYTHON):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    raise SetUpError(
        "this Python has neither ensurepip nor pip: install one of them "
        "(on Debian and Ubuntu: apt-get install python3-venv) and try again"
    )


def install_debians_venv() -> bool:
    """As root where there is apt-get, install Debian's ensurepip and use it; whether it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say("installing Debian's python3-venv")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    package = f"python3.{sys.version_info.minor}-venv"
    get = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    for command in (get, ["apt-get", "update", "-qq"], get):
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        if command is get and done.returncode == 0:
            break
    ensure = [str(PYTHON), "-m", "ensurepip", "--upgrade"]
    return subprocess.run(ensure, capture_output=True, check=False).returncode == 0


def pip(*arguments: str) -> None:
    """Install into ``.venv``, showing one line for each step that takes long.

    Raises:
        SetUpError: pip failed; its last words are in the message.
    """
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "--progress-bar", "off", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        last = "no output"
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("ERROR"):
                    last = line.strip()
                progress(line)
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise SetUpError(
            f"pip could not install ({last}): check the network and the package index, try again"
        )


def progress(line: str) -> None:
    """Say what pip does now: on one line that changes in a terminal, else only the long steps."""
    words = line.split()
    if not words:
        return
    if sys.stderr.isatty():
        text = f"{words[0].lower()} {words[1] if len(words) > 1 else ''}"
        print(f"\r\x1b[Kset-up   | {text[:70]}", end="", file=sys.stderr, flush=True)
        if words[0] == "Successfully":
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    elif line.startswith("Installing collected"):
        say(f"unpacking {line.count(',') + 1} packages")


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """One set-up at a time in this project; the kernel gives the lock back when we die."""
    with (PROJECT / RUN).open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is running: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# --- other things that are made ready -----------------------------------------------------------


def prepare_system_browser() -> None:
    """As root on a Debian without a browser, install Debian's."""
    sibling("browser").install_system_browser(say)


def sibling(name: str) -> ModuleType:
    """A module of this folder, without importing the package around it."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lock(python: str) -> None:
    """Compile both requirements files from pyproject.toml.

    Raises:
        SetUpError: they do not resolve.
    """
    flags = ["--universal", "--python-version", "3.11", "--no-header", "--quiet"]
    flags += ["--no-emit-index-url", "--no-emit-find-links"]
    compile_ = [python, "-m", "uv", "pip", "compile", "pyproject.toml", *flags]
    for more in (["-o", RUN], ["--extra", "dev", "-c", RUN, "-o", DEV]):
        if subprocess.run([*compile_, *more], check=False).returncode != 0:
            raise SetUpError("the requirements in pyproject.toml do not resolve")
    say(f"wrote {RUN} and {DEV}")


if __name__ == "__main__":
    # The folder of this file must not answer imports: only the standard library is meant.
    sys.path[:] = [path for path in sys.path if Path(path) != Path(__file__).resolve().parent]
    try:
        main(sys.argv[1:])
    except SetUpError as error:
        sys.exit(f"officeflow: {error}")
    except OSError as error:
        sys.exit(f"officeflow: {error.filename or 'the system'}: {error.strerror}")
    except KeyboardInterrupt:
        sys.exit(130)

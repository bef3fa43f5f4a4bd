"""Creates ``.venv`` and runs a command of the Makefile in it.

Run by any Python 3.11 or newer before anything is installed, so it uses the standard library alone
and imports nothing of the project.

    bootstrap.py run | manage | backup | restore | reset | test [ARG…] | faults | fuzz | bench
        | lint | lock | messages | openapi | screenshots

The file ``officeflow.json`` in ``.venv`` has hashes of the installed requirements, so that an
up-to-date environment is used as it is. ``officeflow.installing`` exists while pip works; when the
next start finds it, pip was interrupted and ``.venv`` is created again.
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
INTERRUPTED_FILE = VENV / "officeflow.installing"
RUN = "requirements.txt"
DEV = "requirements-dev.txt"
REQUIREMENTS = {
    "run": RUN,
    "manage": RUN,
    "reset": RUN,
    "backup": RUN,
    "restore": RUN,
    "test": DEV,
    "faults": DEV,
    "fuzz": DEV,
    "bench": DEV,
    "lint": DEV,
    "lock": DEV,
    "messages": DEV,
    "openapi": DEV,
    "screenshots": DEV,
}


class SetUpError(Exception):
    """The environment cannot be created; the message is one line that says what to do."""


def say(text: str) -> None:
    """Print one line of progress on standard error."""
    print(f"set-up   | {text}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> None:
    """Prepare the environment and replace this process with the command."""
    command, *rest = arguments
    if command == "test":
        # Only root can install the system's browser, so this comes before the change of account.
        prepare_system_browser()
    become_owner()
    make_environment(REQUIREMENTS[command])
    os.chdir(PROJECT)
    python = str(PYTHON)
    if command == "lock":
        lock(python)
        return
    if command == "test":
        subprocess.run([python, "-m", "officeflow.local", "browser"], check=False)
        workers = ["-n", "3"]  # more than the usual two cores, because some tests wait
        os.execv(python, [python, "-m", "pytest", *workers, *(rest or make_arguments())])
    if command in ("bench", "fuzz"):
        module = {"bench": "benchmarks", "fuzz": "tests.fuzz"}[command]
        os.execv(python, [python, "-m", module, *(rest or make_arguments())])
    if command == "faults":
        drill = ["-p", "tests.faults.drill.plugin", "-m", "drill", "-q", "tests/faults"]
        os.execv(python, [python, "-m", "pytest", *drill, *(rest or make_arguments())])
    os.execv(python, [python, "-m", "officeflow.local", command, *rest])


def make_arguments() -> list[str]:
    """Return the arguments of ``make test ARGS='…'``, ``make faults`` and others."""
    import shlex

    try:
        return shlex.split(os.environ.get("ARGS", ""))
    except ValueError as error:
        raise SetUpError(f"ARGS cannot be read: {error}") from error


def become_owner() -> None:
    """As root in another user's project, change to that user, who then owns the created files.

    Root continues when that user cannot access the project or this Python.
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
    """Change to another account with its groups."""
    try:
        os.initgroups(pwd.getpwuid(uid).pw_name, gid)
    except KeyError:
        os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def owner_can_work(uid: int, gid: int) -> bool:
    """Return whether the account can write into the project and run this Python."""
    child = os.fork()
    if child == 0:
        try:
            take_account(uid, gid)
            writable = os.access(PROJECT, os.R_OK | os.W_OK | os.X_OK)
            venv = not VENV.exists() or os.access(VENV, os.W_OK)
            folder = os.environ.get("OFFICEFLOW_VAR") or str(PROJECT / "var")
            var = not os.path.exists(folder) or os.access(folder, os.R_OK | os.W_OK | os.X_OK)
            python = os.access(sys.executable, os.X_OK) and os.access(os.__file__, os.R_OK)
            os._exit(0 if writable and venv and var and (python or is_usable(PYTHON)) else 1)
        except OSError:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def make_environment(requirements: str) -> None:
    """Install ``requirements`` into ``.venv`` unless it is up to date.

    Raises:
        SetUpError: the environment cannot be created.
    """
    if is_up_to_date(requirements):
        return
    with locked():
        if is_up_to_date(requirements):  # another process has just created it
            return
        if VENV.exists() and (INTERRUPTED_FILE.exists() or not is_usable(PYTHON)):
            say("the last set-up was interrupted: starting again")
            shutil.rmtree(VENV)
        if not VENV.exists():
            create_venv()
        INTERRUPTED_FILE.touch()
        say(f"installing the packages in {requirements} from the package index")
        pip("--requirement", str(PROJECT / requirements))
        # The development requirements include the others.
        installed = [RUN, DEV] if requirements == DEV else [RUN]
        hashes = {name: digest(name) for name in installed}
        STAMP.write_text(json.dumps({"python": version()} | hashes))
        INTERRUPTED_FILE.unlink()


def is_up_to_date(requirements: str) -> bool:
    """Return whether ``.venv`` has the packages of ``requirements``, for its present Python."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return (
        not INTERRUPTED_FILE.exists()
        and isinstance(stamp, dict)
        and stamp.get(requirements) == digest(requirements)
        and os.access(PYTHON, os.X_OK)
        and stamp.get("python") == version()
    )


def version() -> str:
    """Return the version and the folder of the Python of which ``.venv`` was made."""
    try:
        settings = (VENV / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return ""
    return "; ".join(line for line in settings if line.split(" ")[0] in ("home", "version"))


def digest(name: str) -> str:
    """Return the hash of a file of the project."""
    return hashlib.sha256((PROJECT / name).read_bytes()).hexdigest()


def is_usable(python: Path) -> bool:
    """Return whether this Python starts, is new enough and has pip."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([python, "-c", check], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def create_venv() -> None:
    """Create an empty ``.venv`` with pip.

    Raises:
        SetUpError: the environment cannot be created, or no pip is found.
    """
    say(f"creating .venv with Python {sys.version.split()[0]}")
    try:
        import ensurepip  # noqa: F401  # Debian has it in a separate package
        import venv  # noqa: F401

        arguments = ["-m", "venv", str(VENV)]
    except ImportError:
        arguments = ["-m", "venv", "--without-pip", str(VENV)]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        parts = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise SetUpError(
            f".venv cannot be created ({parts[-1]}): install python3-venv and try again"
        )
    INTERRUPTED_FILE.touch()
    if not is_usable(PYTHON):
        add_pip()


def add_pip() -> None:
    """Install pip into ``.venv`` when Python has no ensurepip.

    Uses the machine's own pip, else pip from the package index, else as root Debian's package.

    Raises:
        SetUpError: none of them worked.
    """
    say("this Python has no ensurepip: looking for pip elsewhere")
    command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "pip"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0 and is_usable(PYTHON):
        return
    if load_module("bootstrap_pip").install(PYTHON, VENV) and is_usable(PYTHON):
        return
    if install_debians_venv() and is_usable(PYTHON):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    raise SetUpError(
        "this Python has neither ensurepip nor pip: install one of them "
        "(on Debian and Ubuntu: apt-get install python3-venv) and try again"
    )


def install_debians_venv() -> bool:
    """As root with apt-get, install pip from Debian's package; return whether that worked."""
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
    """Run ``pip install`` in ``.venv`` and show its progress.

    Raises:
        SetUpError: pip failed; its last error is in the message.
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
                show_progress(line)
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise SetUpError(
            f"pip could not install ({last}): check the network and the package index, try again"
        )


def show_progress(line: str) -> None:
    """Show pip's step: on a terminal in one line that changes, else only the installation."""
    parts = line.split()
    if not parts:
        return
    if sys.stderr.isatty():
        text = f"{parts[0].lower()} {parts[1] if len(parts) > 1 else ''}"
        print(f"\r\x1b[Kset-up   | {text[:70]}", end="", file=sys.stderr, flush=True)
        if parts[0] == "Successfully":
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    elif line.startswith("Installing collected"):
        say(f"unpacking {line.count(',') + 1} packages")


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Allow one set-up at a time; the kernel releases the lock when this process ends."""
    with (PROJECT / RUN).open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is running: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def prepare_system_browser() -> None:
    """As root on Debian, install Debian's browser when there is none."""
    load_module("browser").install_system_browser(say)


def load_module(name: str) -> ModuleType:
    """Import a module of this folder without the package around it."""
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
        SetUpError: the requirements conflict.
    """
    flags = ["--universal", "--python-version", "3.11", "--no-header", "--quiet"]
    flags += ["--no-emit-index-url", "--no-emit-find-links"]
    compile_ = [python, "-m", "uv", "pip", "compile", "pyproject.toml", *flags]
    for more in (["-o", RUN], ["--extra", "dev", "-c", RUN, "-o", DEV]):
        if subprocess.run([*compile_, *more], check=False).returncode != 0:
            raise SetUpError("the requirements in pyproject.toml do not resolve")
    say(f"wrote {RUN} and {DEV}")


if __name__ == "__main__":
    # Imports must find the standard library alone and no module of this folder.
    sys.path[:] = [path for path in sys.path if Path(path) != Path(__file__).resolve().parent]
    try:
        main(sys.argv[1:])
    except SetUpError as error:
        sys.exit(f"officeflow: {error}")
    except OSError as error:
        sys.exit(f"officeflow: {error.filename or 'the system'}: {error.strerror}")
    except KeyboardInterrupt:
        sys.exit(130)

"""The folder ``var/`` and the options: invalid ones are refused with one line."""

import os
import stat

import pytest

from officeflow.local import postgres_user
from officeflow.local.reset import reset
from officeflow.local.run_options import RunOptions
from officeflow.local.var_folder import Lock, OfficeError, Var


@pytest.fixture
def var(engine_folder):
    var = Var(engine_folder / "var")
    var.open()
    return var


def test_one_process_at_a_time_has_the_lock(var):
    first, second = Lock(var.path / "lock"), Lock(var.path / "lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_the_secret_key_is_created_once_and_is_private(var):
    key = var.secret_key()
    assert len(key) >= 50
    assert var.secret_key() == key
    assert stat.S_IMODE((var.path / "secret_key").stat().st_mode) == 0o600


def test_a_truncated_secret_key_is_replaced(var):
    (var.path / "secret_key").write_text("cut")
    assert len(var.secret_key()) >= 50


def test_sockets_are_in_var_when_its_path_is_short(var):
    assert var.socket_dir(postgres_user.plain()) == var.path / "run"


@pytest.mark.parametrize("name", ["n" * 90, "a, b", "with space", "čeština"])
def test_sockets_are_in_a_private_folder_when_var_cannot_hold_them(engine_folder, name):
    var = Var(engine_folder / name)
    var.open()
    folder = var.socket_dir(postgres_user.plain())
    try:
        assert folder.parent.name == "tmp"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len(str(folder)) < 60
    finally:
        var.delete_data()
    assert not folder.exists()


def test_a_socket_folder_that_others_can_enter_is_refused(engine_folder):
    var = Var(engine_folder / ("n" * 90))
    var.open()
    folder = var.socket_dir(postgres_user.plain())
    folder.chmod(0o777)
    with pytest.raises(OfficeError, match="not private"):
        var.socket_dir(postgres_user.plain())
    folder.rmdir()


def test_a_link_in_the_place_of_the_socket_folder_is_refused(engine_folder):
    var = Var(engine_folder / ("n" * 90))
    var.open()
    folder = var.socket_dir(postgres_user.plain())
    folder.rmdir()
    folder.symlink_to(engine_folder)
    with pytest.raises(OfficeError, match="not private"):
        var.socket_dir(postgres_user.plain())
    folder.unlink()


def test_a_var_that_is_a_file_is_refused(engine_folder):
    (engine_folder / "var").write_text("")
    with pytest.raises(OfficeError, match="is not a folder"):
        Var(engine_folder / "var").open()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_var_that_cannot_be_written_is_refused(engine_folder):
    folder = engine_folder / "var"
    folder.mkdir(mode=0o500)
    with pytest.raises(OfficeError, match="cannot be used"):
        Var(folder).open()


def test_deleting_data_keeps_other_files(var):
    (var.path / "notes.txt").write_text("mine")
    (var.path / "postgres").mkdir()
    var.secret_key()
    var.delete_data()
    assert sorted(path.name for path in var.path.iterdir()) == ["notes.txt"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"PORT": "abc"}, "PORT=abc is not a port"),
        ({"PORT": "0"}, "PORT=0 is not a port"),
        ({"PORT": "70000"}, "PORT=70000 is not a port"),
        ({"PORT": "-1"}, "PORT=-1 is not a port"),
        ({"PORT": "²"}, "is not a port"),
        ({"DEMO": "maybe"}, "DEMO=maybe"),
        ({"DEMO_DAYS": "many"}, "DEMO_DAYS=many"),
        ({"DEMO_DAYS": "0"}, "DEMO_DAYS=0"),
        ({"OFFICEFLOW_MODE": "tset"}, "OFFICEFLOW_MODE=tset"),
        ({"DATABASE_URL": "postgres://x"}, "DATABASE_URL is set and REDIS_URL is not"),
        ({"REDIS_URL": "redis://x"}, "REDIS_URL is set and DATABASE_URL is not"),
    ],
)
def test_invalid_values_are_refused(given, words):
    with pytest.raises(OfficeError) as refused:
        RunOptions.from_environment(given)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_engines_are_embedded_without_external_servers():
    assert RunOptions.from_environment({}).embedded
    assert not RunOptions.from_environment(
        {"DATABASE_URL": "postgres://x", "REDIS_URL": "redis://x"}
    ).embedded


def test_production_gets_no_secret_key_and_no_demo_company(var, monkeypatch):
    for name in ("SECRET_KEY", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    options = RunOptions.from_environment({"OFFICEFLOW_MODE": "production"})
    environment = options.program_environment(var, "postgres://x", "redis://x")
    assert "SECRET_KEY" not in environment
    assert "ALLOWED_HOSTS" not in environment
    assert not options.demo


def test_the_programs_do_not_get_the_callers_libpq_settings(var, monkeypatch):
    monkeypatch.setenv("PGPORT", "9999")
    assert "PGPORT" not in RunOptions.from_environment({}).program_environment(
        var, "postgres://x", "redis://x"
    )


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("desk.example", "http://desk.example:8000"),
    ],
)
def test_the_address_works_in_a_browser(host, address):
    assert RunOptions.from_environment({"HOST": host}).address == address


@pytest.mark.parametrize("name", ["log", "valkey", "run", "static"])
def test_a_file_in_place_of_a_folder_is_refused(engine_folder, name):
    (engine_folder / name).touch()
    with pytest.raises(OfficeError, match=f"{name} is not a folder"):
        Var(engine_folder).open()


def test_reset_refuses_a_file(engine_folder):
    (engine_folder / "var").touch()
    with pytest.raises(OfficeError, match="is not a folder"):
        reset({"OFFICEFLOW_VAR": str(engine_folder / "var"), "YES": "1"})
    assert (engine_folder / "var").exists()

"""``var/`` and the environment: what cannot be is refused in one line that says what to do."""

import os
import stat

import pytest

from officeflow.local import postgres_user
from officeflow.local.environment import Wishes
from officeflow.local.places import Lock, OfficeError, Var
from officeflow.local.reset import reset


@pytest.fixture
def var(engine_room):
    var = Var(engine_room / "var")
    var.open()
    return var


def test_one_holder_at_a_time_has_the_lock(var):
    first, second = Lock(var.path / "lock"), Lock(var.path / "lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_the_secret_key_is_made_once_and_is_private(var):
    key = var.secret_key()
    assert len(key) >= 50
    assert var.secret_key() == key
    assert stat.S_IMODE((var.path / "secret_key").stat().st_mode) == 0o600


def test_a_cut_secret_key_is_made_anew(var):
    (var.path / "secret_key").write_text("cut")
    assert len(var.secret_key()) >= 50


def test_sockets_live_in_var_while_the_path_is_short(var):
    assert var.socket_dir(postgres_user.plain()) == var.path / "run"


@pytest.mark.parametrize("name", ["n" * 90, "a, b", "with space", "čeština"])
def test_sockets_live_in_a_private_folder_elsewhere_when_var_cannot_hold_them(engine_room, name):
    var = Var(engine_room / name)
    var.open()
    folder = var.socket_dir(postgres_user.plain())
    try:
        assert folder.parent.name == "tmp"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len(str(folder)) < 60
    finally:
        var.wipe()
    assert not folder.exists()


def test_a_folder_for_sockets_that_others_can_enter_is_refused(engine_room):
    var = Var(engine_room / ("n" * 90))
    var.open()
    folder = var.socket_dir(postgres_user.plain())
    folder.chmod(0o777)
    with pytest.raises(OfficeError, match="not private"):
        var.socket_dir(postgres_user.plain())
    folder.rmdir()


def test_a_link_in_the_place_of_the_socket_folder_is_refused(engine_room):
    var = Var(engine_room / ("n" * 90))
    var.open()
    folder = var.socket_dir(postgres_user.plain())
    folder.rmdir()
    folder.symlink_to(engine_room)
    with pytest.raises(OfficeError, match="not private"):
        var.socket_dir(postgres_user.plain())
    folder.unlink()


def test_a_var_that_is_a_file_is_refused(engine_room):
    (engine_room / "var").write_text("")
    with pytest.raises(OfficeError, match="is not a folder"):
        Var(engine_room / "var").open()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_var_that_cannot_be_written_is_refused(engine_room):
    folder = engine_room / "var"
    folder.mkdir(mode=0o500)
    with pytest.raises(OfficeError, match="cannot be used"):
        Var(folder).open()


def test_wiping_leaves_what_is_not_the_offices(var):
    (var.path / "notes.txt").write_text("mine")
    (var.path / "postgres").mkdir()
    var.secret_key()
    var.wipe()
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
def test_wrong_values_are_named(given, words):
    with pytest.raises(OfficeError) as refused:
        Wishes.of(given)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_servers_named_the_engines_are_ours():
    assert Wishes.of({}).embedded
    assert not Wishes.of({"DATABASE_URL": "postgres://x", "REDIS_URL": "redis://x"}).embedded


def test_production_gets_no_secret_key_and_no_demo_company(var, monkeypatch):
    for name in ("SECRET_KEY", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    wishes = Wishes.of({"OFFICEFLOW_MODE": "production"})
    environment = wishes.environment(var, "postgres://x", "redis://x")
    assert "SECRET_KEY" not in environment
    assert "ALLOWED_HOSTS" not in environment
    assert not wishes.demo


def test_the_callers_settings_of_libpq_do_not_reach_the_programs(var, monkeypatch):
    monkeypatch.setenv("PGPORT", "9999")
    assert "PGPORT" not in Wishes.of({}).environment(var, "postgres://x", "redis://x")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("desk.example", "http://desk.example:8000"),
    ],
)
def test_the_address_is_one_that_a_browser_can_open(host, address):
    assert Wishes.of({"HOST": host}).address == address


@pytest.mark.parametrize("name", ["log", "valkey", "run", "static"])
def test_a_file_where_a_folder_belongs_is_named(engine_room, name):
    (engine_room / name).touch()
    with pytest.raises(OfficeError, match=f"{name} is not a folder"):
        Var(engine_room).open()


def test_reset_does_not_take_a_file_for_nothing(engine_room):
    (engine_room / "var").touch()
    with pytest.raises(OfficeError, match="is not a folder"):
        reset({"OFFICEFLOW_VAR": str(engine_room / "var"), "YES": "1"})
    assert (engine_room / "var").exists()

"""The commands that import a file of each kind."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from frontdesk.customers.models import Customer
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.staff.models import User
from tests.people import employ

FILES = {
    "customers": b"Name;Phone;Born\nNora Berg;020 7946 0958;x\n;;y\n",
    "products": b"Code,Name,Price\nLAMP,Lamp,9.50\nMUG2,,1\n",
}


@pytest.fixture(autouse=True)
def _in_an_office(office: Office, mug: Product, maya: User, tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path / "var"
    employ("ada")


def run(kind: str, path: Path, *arguments: str) -> dict[str, str]:
    path.write_bytes(FILES[kind])
    out = StringIO()
    call_command(f"import_{kind}", str(path), *arguments, stdout=out)
    pairs = (line.split("  ", 1) for line in out.getvalue().splitlines())
    return {name.strip(): value.strip() for name, value in pairs}


def test_customers_are_imported(tmp_path: Path) -> None:
    said = run("customers", tmp_path / "c.csv", "--source", "old shop")
    assert (said["imported"], said["customers"], said["source"]) == ("1", "1", "old shop")
    assert Customer.objects.filter(name="Nora Berg").exists()
    assert Path(said["report"]).is_file()


def test_products_are_imported(tmp_path: Path) -> None:
    said = run("products", tmp_path / "p.csv")
    assert (said["imported"], said["refused"], said["products"]) == ("1", "1", "1")
    assert run("products", tmp_path / "p.csv")["already there"] == "1"


def test_columns_and_values_are_chosen(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    run("customers", path, "--column", "Born=Note", "--column", "Phone=", "--value", "Address=Here")
    nora = Customer.objects.get(name="Nora Berg")
    assert (nora.note, nora.phone, nora.address) == ("x", "", "Here")
    for wrong in (["--column", "Nothing=Note"], ["--column", "Born=Age"], ["--value", "Age=1"]):
        with pytest.raises(CommandError):
            run("customers", path, *wrong)

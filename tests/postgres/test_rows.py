"""Rows read, inserted and updated by SQL that is made once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Category, PriceList, Product
from officeflow.postgres.inserts import FEW, insert
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.postgres.updates import update_returning

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [0, 1, 3, FEW + 1])
def test_inserted_records_are_as_they_are_stored(count: int) -> None:
    entries = [
        AuditEntry(
            at=timezone.now(),
            action="place_order",
            subject_kind="order",
            subject=f"SO-{number:06d}",
            changes={"state": [None, "placed"]},
        )
        for number in range(count)
    ]
    insert(entries)
    for entry in entries:
        stored = AuditEntry.objects.get(pk=entry.pk)
        for field in AuditEntry._meta.concrete_fields:
            assert getattr(stored, field.attname) == getattr(entry, field.attname), field
        assert not entry._state.adding


def test_a_row_has_the_records_of_its_relations(mug: Product) -> None:
    sql = sql_of(Product.objects.filter(sku="").select_related("price_list", "category"))
    for category in (None, Category.objects.create(name="Mugs")):
        Product.objects.update(category=category)
        (row,) = read_rows(sql, ["MUG"])
        product, price_list, found = records_of(row, Product, PriceList, Category)
        assert (product, price_list, found) == (mug, mug.price_list, category)


def test_an_update_returns_the_rows_as_they_are_now() -> None:
    for name in ("Lamps", "Mugs"):
        Category.objects.create(name=name)
    (changed,) = update_returning(Category.objects.filter(name="Mugs"), version=7)
    assert (changed.name, changed.version) == ("Mugs", 7)
    assert Category.objects.get(name="Lamps").version == 1
    assert update_returning(Category.objects.filter(name="Vases"), version=7) == []

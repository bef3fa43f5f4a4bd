"""The unit of new products: as the file says, or one that its quantities can be counted in."""

from __future__ import annotations

from collections.abc import Callable

from officeflow.catalogue.models import Product
from officeflow.company.queries import office_date
from officeflow.imports.models import ImportFile, ImportRow
from tests.factories import make_product


def rows(head: str, *given: str) -> bytes:
    return "\n".join([head, *(f"{line},{office_date()},10" for line in given)]).encode()


def test_a_new_product_of_which_parts_are_sold_gets_a_unit_that_can_be_divided(
    import_data: Callable[..., ImportFile],
) -> None:
    make_product("OLD", "Old", "1.00")
    found = import_data(
        rows(
            "Order no,SKU,Qty,Date,Price",
            "1,CHEESE,0.250",
            "2,CHEESE,2",
            "3,CUP,2",
            "4,FREIGHT,1.5",
            "5,OLD,1.5",
        )
    )
    assert found.rows_imported == 4
    units = dict(Product.objects.values_list("sku", "unit"))
    assert units == {"OLD": "piece", "CHEESE": "kg", "CUP": "piece", "FREIGHT": "h"}
    reasons = dict(ImportRow.objects.values_list("number", "reason"))
    assert reasons[2] == "New product. Sold by: kg"
    assert reasons[4] == "New product"
    assert "sold by the piece" in reasons[6]


def test_a_new_product_gets_the_unit_that_the_file_names(
    import_data: Callable[..., ImportFile],
) -> None:
    import_data(
        rows(
            "Order no,SKU,Qty,Einheit,Date,Price",
            "1,ROPE,1.5,m",
            "2,ROPE,2,Meter",
            "3,OIL,2,Liter",
            "4,TEA,0.5,Stück",
        )
    )
    units = dict(Product.objects.values_list("sku", "unit"))
    assert units == {"ROPE": "m", "OIL": "l", "TEA": "kg"}

"""Categories: adding and renaming them, and filtering products by them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from officeflow.catalogue.actions import add_category, change_category
from officeflow.catalogue.models import Category, Product
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User


def test_the_names_of_categories_are_unique(db: None) -> None:
    add_category(actor=None, name=" Lamps  and light ")
    with pytest.raises(Refused) as refused:
        add_category(actor=None, name="LAMPS and light")
    assert refused.value.field == "name"


def test_a_stale_form_shows_both_names(ada: User) -> None:
    lamps = add_category(actor=ada, name="Lamps")
    change_category(actor=ada, category=lamps, version=1, name="Light", is_active=True)
    with pytest.raises(StaleRecord) as stale:
        change_category(actor=ada, category=lamps, version=1, name="Lights", is_active=True)
    assert stale.value.theirs.name == "Light"


def test_the_list_is_filtered_by_category(
    client: Client, ada: User, mug: Product, lamp: Product
) -> None:
    client.force_login(ada)
    client.post(reverse("catalogue:categories"), {"name": "Light & lamps"})
    light = Category.objects.get()
    Product.objects.filter(pk=lamp.pk).update(category=light)
    page = client.get(reverse("catalogue:products"), {"category": light.name}).content.decode()
    assert "Paper lamp" in page
    assert "Blue mug" not in page
    client.post(
        reverse("catalogue:category", args=[light.name]),
        {"version": 1, "name": "Light", "is_active": ""},
    )
    light.refresh_from_db()
    assert (light.name, light.is_active) == ("Light", False)
    # What is offered no more stays with the product that has it.
    edit = client.get(reverse("catalogue:product", args=["LAMP"])).content.decode()
    assert f'<option value="{light.pk}"' in edit


def test_the_price_history_names_who_changed_the_price(
    client: Client, ada: User, mug: Product
) -> None:
    client.force_login(ada)
    page = reverse("catalogue:product", args=["MUG"])
    form = client.get(page).context["form"]
    typed = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
    typed |= {"price": "13.50", "tax_rate": mug.tax_rate_id, "price_list": mug.price_list_id}
    typed = {name: value for name, value in typed.items() if value is not None}
    client.post(page, typed)
    (change,) = client.get(page).context["prices"]
    assert (str(change.before), str(change.after)) == ("12.0000", "13.5000")
    assert change.actor == "Ada Administrator"

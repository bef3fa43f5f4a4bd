"""Form fields: label, hint, errors, and the error summary."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from officeflow.ui.invalid_forms import InvalidFormMiddleware, mark_invalid
from officeflow.ui.widgets import AmountInput, DateInput
from tests.html import compact


class Sample(forms.Form):
    name = forms.CharField(label="Name")
    email = forms.EmailField(label="Email", required=False, help_text="For the receipt.")
    amount = forms.DecimalField(label="Amount", widget=AmountInput)
    wanted_date = forms.DateField(label="Wanted by", required=False, widget=DateInput)
    category = forms.ChoiceField(label="Category", choices=[("", "Choose"), ("goods", "Goods")])
    delivery = forms.ChoiceField(
        label="Delivery",
        choices=[("pickup", "Pick-up"), ("ship", "Ship")],
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(label="Told", required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def draw(source: str, form: forms.Form) -> str:
    return compact(Template("{% load office %}" + source).render(Context({"form": form})))


def attribute(html: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', html)
    return found.group(1) if found else ""


def test_the_label_belongs_to_the_control() -> None:
    html = draw("{% field form.name %}", Sample())
    assert '<label class="field__label" for="id_name">Name</label>' in html
    assert attribute(html, "id") == "id_name"


def test_only_optional_fields_are_marked() -> None:
    assert "optional" not in draw("{% field form.name %}", Sample())
    assert "optional" in draw("{% field form.email %}", Sample())


def test_hint_and_error_describe_the_control() -> None:
    html = draw("{% field form.email %}", Sample({"email": "nina@"}))
    assert attribute(html, "aria-describedby") == "id_email-hint id_email-error"
    assert attribute(html, "aria-invalid") == "true"
    assert re.search(r'id="id_email-hint">For the receipt\.', html)
    assert re.search(r'id="id_email-error".*Enter an e-mail address such as', html, re.S)


def test_an_invalid_field_keeps_its_value() -> None:
    html = draw("{% field form.email %}", Sample({"email": "nina@<b>"}))
    assert attribute(html, "value") == "nina@&lt;b&gt;"


def test_a_valid_field_is_not_marked_invalid() -> None:
    html = draw("{% field form.name %}", Sample({"name": "Nina"}))
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html
    assert "-error" not in html


def test_prefix_and_suffix_describe_the_control() -> None:
    html = draw('{% field form.amount prefix="EUR" suffix="kg" %}', Sample())
    assert attribute(html, "aria-describedby") == "id_amount-prefix id_amount-suffix"
    assert 'id="id_amount-prefix">EUR<' in html


def test_further_keywords_become_attributes_of_the_control() -> None:
    html = draw('{% field form.name data_shortcut="k" autocomplete="off" %}', Sample())
    assert 'data-shortcut="k"' in html
    assert 'autocomplete="off"' in html


def test_radio_buttons_are_a_group_with_a_legend_and_its_error() -> None:
    html = draw("{% field form.delivery %}", Sample({"delivery": ""}))
    assert "<fieldset" in html
    assert re.search(r"<legend[^>]*>Delivery", html)
    assert html.count('type="radio"') == 2
    assert attribute(html, "aria-describedby") == "id_delivery-error"


def test_a_date_is_rendered_in_iso_format() -> None:
    html = draw("{% field form.wanted_date %}", Sample(initial={"wanted_date": "2026-11-21"}))
    assert 'type="date"' in html
    assert attribute(html, "value") == "2026-11-21"


@pytest.mark.parametrize("name", ["category", "told"])
def test_select_and_checkbox_are_labelled(name: str) -> None:
    html = draw(f"{{% field form.{name} %}}", Sample())
    assert f'for="id_{name}"' in html
    assert f'id="id_{name}"' in html


def test_a_hidden_field_has_no_label() -> None:
    html = draw("{% field form.key %}", Sample())
    assert "<label" not in html
    assert 'type="hidden"' in html


def test_a_control_has_a_label_for_screen_readers() -> None:
    html = draw("{% control form.amount %}", Sample({"amount": "x"}))
    assert '<label class="visually-hidden" for="id_amount">Amount</label>' in html
    assert "Enter a number such as 3 or 1.5." in html


def test_the_error_summary_links_to_the_fields() -> None:
    form = Sample({"name": "", "amount": "x", "category": "goods", "delivery": "ship", "key": "k"})
    form.add_error(None, "The till is closed.")
    html = draw("{% error_summary form %}", form)
    assert "3 problems" in html
    assert '<a href="#id_name">Name: Fill this in.</a>' in html
    assert '<a href="#id_amount">Amount: Enter a number such as 3 or 1.5.</a>' in html
    assert "<li>The till is closed.</li>" in html


def test_the_error_summary_includes_formsets() -> None:
    class Line(forms.Form):
        sku = forms.CharField(label="Code")

    lines = forms.formset_factory(Line)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-sku": "A", "form-1-sku": ""}
    )
    html = Template("{% load office %}{% error_summary form lines %}").render(
        Context({"form": None, "lines": lines})
    )
    assert "There is a problem" in html
    assert '<a href="#id_form-1-sku">Code: Fill this in.</a>' in html


def test_an_unbound_form_has_no_error_summary() -> None:
    assert draw("{% error_summary form %}", Sample()).strip() == ""


def test_a_question_has_no_colon_in_the_error_summary() -> None:
    class Asking(forms.Form):
        what = forms.CharField(label="What happened?")
        name = forms.CharField(label="Name")

    html = draw("{% error_summary form %}", Asking({}))
    assert "What happened? Fill this in." in html
    assert "Name: Fill this in." in html


@pytest.mark.parametrize(
    ("method", "status", "answered"),
    [("POST", 200, 422), ("POST", 400, 422), ("POST", 409, 409), ("GET", 200, 200)],
)
def test_a_page_with_the_errors_of_a_sent_form_answers_422(
    method: str, status: int, answered: int
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        mark_invalid(request)
        return HttpResponse(status=status)

    request = RequestFactory().generic(method, "/")
    assert InvalidFormMiddleware(view)(request).status_code == answered

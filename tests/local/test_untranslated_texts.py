"""The check that finds texts which are not marked for translation."""

from __future__ import annotations

import pytest

from officeflow.local.untranslated_texts import (
    PLACEHOLDER,
    modules,
    templates,
    texts_in_python,
    texts_in_template,
)


def test_templates_and_modules_are_found() -> None:
    assert len(templates()) > 30
    assert len(modules()) > 100


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Hello</p>", "Hello"),
        ("<p>{{ name }} is late</p>", "is late"),
        ('<input placeholder="Search">', "placeholder=Search"),
        ('<button aria-label="Close {{ x }}"></button>', f"aria-label=Close {PLACEHOLDER}"),
        ('{% panel title="Lines" %}{% endpanel %}', "Lines"),
        ('{% include "x.html" with label="Waiting" %}', "Waiting"),
        ('{% badge "Overdue" tone="warn" %}', "Overdue"),
        ("<p{% if a %} class='b'{% endif %}>Plain</p>", "Plain"),
    ],
)
def test_an_untranslated_text_in_a_template_is_found(source: str, text: str) -> None:
    assert [found for _line, found in texts_in_template(source)] == [text]


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Hello" %} 12 · {{ name }}</p>',
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}",
        "{# a remark #}{% comment %}Another{% endcomment %}",
        '{% panel title=_("Lines") icon="box" %}{% endpanel %}',
        "<kbd>Esc</kbd><code>token</code>",
        "{% block page_class %}page--narrow{% endblock %}",
        '<a class="button" href="/desk/" data-shortcut="n">{{ label }}</a>',
    ],
)
def test_translated_texts_and_code_in_a_template_pass(source: str) -> None:
    assert texts_in_template(source) == []


@pytest.mark.parametrize(
    "source",
    [
        'name = forms.CharField(label="Name")',
        'name = models.CharField("family name", max_length=3)',
        'raise Refused("No such order.", "order")',
        'raise Refused("No order %s." % number)',
        'raise Refused(f"No order {number}.")',
        'form.add_error("name", "Give a name.")',
        'messages.success(request, "Saved.")',
        'kind = forms.ChoiceField(choices=[("a", "All of them")])',
        'name = forms.CharField(error_messages={"required": "Give a name."})',
        'class Kind(models.TextChoices):\n    GOODS = "goods", "Goods"',
        'class Cards:\n    title = "What is left"',
    ],
)
def test_an_untranslated_text_in_python_is_found(source: str) -> None:
    assert len(texts_in_python(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        'name = forms.CharField(label=_("Name"))',
        'raise Refused(_("No order %s.") % number, "order")',
        'messages.success(request, _("Saved."))',
        'logger.info("Nothing to do")',
        'class Kind(models.TextChoices):\n    GOODS = "goods", _("Goods")',
        'button(label="")',
        'raise ValueError("never shown")',
    ],
)
def test_translated_and_technical_texts_in_python_pass(source: str) -> None:
    assert texts_in_python(source) == []

"""The check that finds what people read and no translator would find."""

from __future__ import annotations

import pytest

from officeflow.local.texts import HOLE, in_python, in_template, modules, templates


def test_there_is_something_to_look_at() -> None:
    assert len(templates()) > 30
    assert len(modules()) > 100


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello</p>", "Hello"),
        ("<p>{{ name }} is late</p>", "is late"),
        ('<input placeholder="Search">', "placeholder=Search"),
        ('<button aria-label="Close {{ x }}"></button>', f"aria-label=Close {HOLE}"),
        ('{% panel title="Lines" %}{% endpanel %}', "Lines"),
        ('{% include "x.html" with label="Waiting" %}', "Waiting"),
        ('{% badge "Overdue" tone="warn" %}', "Overdue"),
        ("<p{% if a %} class='b'{% endif %}>Plain</p>", "Plain"),
    ],
)
def test_the_search_for_bare_words_finds_them(source: str, words: str) -> None:
    assert [found for _line, found in in_template(source)] == [words]


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
def test_the_search_for_bare_words_lets_good_ones_pass(source: str) -> None:
    assert in_template(source) == []


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
def test_a_bare_text_in_python_is_found(source: str) -> None:
    assert len(in_python(source)) == 1


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
def test_what_is_translated_or_shown_to_nobody_passes(source: str) -> None:
    assert in_python(source) == []

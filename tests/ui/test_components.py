"""Components that wrap the content between their tags."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError


def draw(source: str, **context: object) -> str:
    return Template("{% load office %}" + source).render(Context(context))


def test_a_panel_shows_its_title_count_and_body() -> None:
    html = draw('{% panel title="Lines" count=0 id="lines" %}<p>{{ x }}</p>{% endpanel %}', x="<i>")
    assert 'aria-labelledby="lines-title"' in html
    assert '<span class="count">0</span>' in html
    assert "<p>&lt;i&gt;</p>" in html


def test_a_title_is_escaped() -> None:
    assert "&lt;b&gt;" in draw("{% panel title=t %}{% endpanel %}", t="<b>")


def test_components_can_be_nested() -> None:
    html = draw(
        '{% panel title="a" %}{% empty_state title="b" %}{% button %}c{% endbutton %}'
        "{% endempty_state %}{% endpanel %}"
    )
    assert html.index("panel__body") < html.index("empty__title") < html.index("<button")


def test_a_button_submits_by_default_with_name_and_value() -> None:
    assert 'type="submit"' in draw("{% button %}Go{% endbutton %}")
    html = draw('{% button type="button" name="verb" value="take" %}Go{% endbutton %}')
    assert 'type="button"' in html
    assert 'name="verb"' in html
    assert 'value="take"' in html


def test_numbers_in_attributes_have_no_separators_of_thousands() -> None:
    html = draw('{% include "components/progress.html" with label="x" value=1500 max=20000 %}')
    assert 'value="1500" max="20000"' in html
    assert 'value="12345"' in draw('{% button name="n" value=key %}Go{% endbutton %}', key=12345)


def test_a_live_part_has_its_url_and_version() -> None:
    etag = '"7"'
    html = draw('{% live id="queue" url="/q/" etag=etag every=3 %}x{% endlive %}', etag=etag)
    assert 'hx-get="/q/"' in html
    assert 'data-live="3"' in html
    assert 'data-etag="&quot;7&quot;"' in html
    assert 'hx-swap="outerHTML"' in html


@pytest.mark.parametrize(
    "source",
    [
        '{% panel titel="x" %}{% endpanel %}',
        '{% panel "x" %}{% endpanel %}',
        "{% empty %}{% endempty_state %}",
        '{% live id="x" %}{% endlive %}',
    ],
)
def test_unknown_and_missing_options_are_template_errors(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw(source)


def test_a_timeline_names_the_area_and_shows_receipts() -> None:
    html = Template('{% include "components/timeline.html" %}').render(
        Context(
            {
                "items": [
                    {"title": "Order placed", "area": "frontdesk", "text": "<x>"},
                    {
                        "title": "Handed over",
                        "handoff_to": "back",
                        "receipts": [
                            {
                                "label": "Accounting",
                                "steps": [{"label": "Posted", "state": "done"}],
                            }
                        ],
                    },
                ]
            }
        )
    )
    assert 'data-area="frontdesk"' in html
    assert "Front desk" in html
    assert 'data-handoff-to="back"' in html
    assert "receipt__step--done" in html
    assert "&lt;x&gt;" in html


def test_a_reference_number_is_not_broken_and_addresses_stay() -> None:
    html = draw(
        "{% filter references %}<a href='/desk/orders/SO-000123/'>{{ x }}</a>{% endfilter %}",
        x="SO-000123 & INV-2026-000001",
    )
    assert html == (
        "<a href='/desk/orders/SO-000123/'><span class=\"whole\">SO-000123</span> &amp; "
        '<span class="whole">INV-2026-000001</span></a>'
    )


@pytest.mark.parametrize("place", ["notice title=x", "notice"])
def test_text_that_names_a_record_keeps_its_number_whole(place: str) -> None:
    html = draw("{% " + place + " %}{{ x }}{% endnotice %}", x="Answer CP-000045 first.")
    assert '<span class="whole">CP-000045</span>' in html

"""The parts of the style guide: the purpose of each component, and its use in a template."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Part:
    """A section of the style guide; ``usage`` is sample code."""

    slug: str
    label: Promise
    note: Promise
    usage: str = ""

    @property
    def template(self) -> str:
        """The template with the part's samples."""
        return f"styleguide/parts/{self.slug}.html"


PARTS = (
    Part(
        "colour",
        _("Colour"),
        _(
            "Petrol marks actions. The front desk is warm, the back office cool, the dashboards"
            " between them. Tones say what a status means, always with a word and an icon."
        ),
        "color: var(--ink); background: var(--surface); border: 1px solid var(--line);",
    ),
    Part(
        "type",
        _("Type"),
        _(
            "The system's typeface. Figures keep their columns, and reference numbers are easy "
            "to read aloud."
        ),
        '<span class="ref">{{ order.number }}</span>\n'
        '<p class="lead">…</p>  <p class="hint">…</p>  <p class="eyebrow">…</p>\n'
        "{{ order.total|money:order.currency }}  {{ line.quantity|quantity:line.unit }}\n"
        "{{ line.tax_rate|percent }}  {{ order.placed_at|ago }}  {{ order.placed_at|when }}\n"
        "{{ seconds|clock }}",
    ),
    Part(
        "button",
        _("Button"),
        _(
            "One primary button a page. Danger is for what cannot be undone. A key on a button is "
            "its shortcut."
        ),
        '{% button variant="primary" icon="check" name= value= small= shortcut= disabled= %}'
        "…{% endbutton %}\n"
        '{% link_button url=address variant="secondary" icon="plus" shortcut="n" %}'
        "…{% endlink_button %}\n"
        "variants: primary, secondary, ghost, danger",
    ),
    Part(
        "badge",
        _("Badge"),
        _("The enum of a status knows its word, tone and icon; a template only asks for it."),
        '{% status_badge order "state" %}   {% status_badge OrderState.PLACED quiet=True %}\n'
        '{% badge word tone="warn" icon="clock" %}\n'
        "tones: neutral, info, progress, good, warn, bad",
    ),
    Part(
        "field",
        _("Field"),
        _("Label, control and a hint beneath. Only optional fields say so."),
        '{% field form.amount prefix="€" suffix= hint= width="short" label_hidden= '
        'autocomplete="off" %}\n'
        "{% control row.quantity %}   (the bare control, for rows of a table)\n"
        'forms.CharField(widget=ComboboxInput(url, target="id_customer"))',
    ),
    Part(
        "errors",
        _("Field with error"),
        _("A form with errors lists them at the top and beside each field. Nothing typed is lost."),
        '<form method="post" novalidate data-submit-once>\n'
        "  {% csrf_token %}{% error_summary form formset %}{% field form.name %}\n"
        "</form>",
    ),
    Part(
        "panel",
        _("Panel, list, facts"),
        _("The parts that a page is laid out with."),
        '{% panel title=_("…") icon= id= flush=True tone="bad" count= link_url= link_label= %}'
        "…{% endpanel %}\n"
        '<ul class="list"><li class="list__item"><div class="list__main">'
        '<a class="row-link" href="…">…</a></div><div class="list__end">…</div></li></ul>\n'
        '<dl class="facts"><div><dt>…</dt><dd>…</dd></div></dl>   (facts--rows for sums)',
    ),
    Part(
        "table",
        _("Table"),
        _("Figures are aligned right. On a phone each row becomes a card."),
        '<table class="table">… <td class="table__main" data-label="…">'
        '<a class="row-link" href="…">…</a></td><td class="num" data-label="…">…</td>\n'
        '<tr data-tone="warn">   table--dense   table--keep (stays a table on phones)   '
        '<tfoot><tr class="is-total">',
    ),
    Part(
        "timeline",
        _("Timeline"),
        _(
            "Two rails, one for the front desk and one for the back office. A hand-off goes "
            "from one to the other, with its receipts."
        ),
        '{% include "components/timeline.html" with items=… plain=… %}\n'
        "item: at, title, text, actor, icon, tone, area, handoff_to (back or front), status, "
        "receipts\n"
        '{% include "components/receipts.html" with receipts=… %}\n'
        "receipt: label, steps; step: label, at, actor, state (done, now, todo, bad)",
    ),
    Part(
        "stat",
        _("Figure"),
        _("One figure with its unit and what it is measured over."),
        '<div class="stats">{% include "components/stat.html" with label= value= unit= hint= '
        "tone= url= icon= %}</div>",
    ),
    Part(
        "chart",
        _("Chart"),
        _(
            "Bars and lines over time, rows for named things. The numbers are beneath. A point "
            "that leads somewhere is a link: Tab reaches the first, the arrow keys the others."
        ),
        '{% include "components/chart.html" with chart=chart %}\n'
        'Chart(id="posted", title=…, head=_("Day"), form=Form.BARS, measure=Measure.COUNT,\n'
        "      labels=[Label(short=…, full=…)], series=[Series(name=…, colour=1, "
        "points=[Point(value=3, url=…)])])\n"
        "forms: bars, lines, rows   measures: count, duration, money, share   colours: 1 to 6",
    ),
    Part(
        "tabs",
        _("Tabs and pages"),
        _("Tabs choose which part of a list is shown. Pages continue by key."),
        '{% include "components/tabs.html" with label= tabs=… %}\n'
        "tab: label, url, current, count\n"
        '{% include "components/pagination.html" with previous_url= next_url= %}',
    ),
    Part(
        "filters",
        _("Filters, saved views and export"),
        _(
            "Filters are part of the address, so that a list can be shared or saved as a view "
            "beside the tabs. Each chip names a filter and removes it. Every list can be "
            "exported as a file."
        ),
        '<details class="filter-box" {% if narrowed %}open{% endif %}>'
        '<summary class="filter-box__summary" data-shortcut="f">…</summary>\n'
        '  <form class="filters" method="get" aria-label="…">{% field … width="short" %}…</form>'
        "</details>\n"
        "{% load export %}{% export_menu %}",
    ),
    Part(
        "bulk",
        _("Bulk bar"),
        _("Shown at the end of a list while rows are chosen, with their number."),
        '<form class="bulk-bar" data-bulk …><strong data-bulk-count>0</strong>…</form>\n'
        '<input type="checkbox" form="bulk" data-bulk-item …>   <input data-bulk-all …>',
    ),
    Part(
        "presence",
        _("Notifications and presence"),
        _(
            "Your notifications are at the top right. Colleagues on the same page are shown beside"
            " its title."
        ),
        "{% load notifications %}{% notification_menu %}\n"
        '{% load presence %}{% presence "ticket" ticket.number %}',
    ),
    Part(
        "mentions",
        _("Comment with mentions"),
        _("@ offers colleagues who may read the page. Without JavaScript, type the name in full."),
        "{% field form.text data_mentions=people_url %}",
    ),
    Part(
        "files",
        _("Files"),
        _(
            "Photos and PDFs beside the record they belong to. A refused file shows the reason "
            "in its own line."
        ),
        '{% load attachments %}{% attachments "complaint" complaint.number %}',
    ),
    Part(
        "checklist",
        _("Checklist"),
        _("What is left to do, found from the data: nobody ticks anything off."),
        "register_checklist_step(ChecklistStep(key=…, label=…, todo=…, url_name=…, is_done=…))",
    ),
    Part(
        "hits",
        _("Search results"),
        _("Marks the matched text, however it is written. A guess says that it is one."),
        '{% load highlight %}<div class="search-results"><a class="row-link" data-hit href="…">'
        "{% marked hit.title asked %}</a>…</div>",
    ),
    Part(
        "notice",
        _("Notice and toast"),
        _(
            "A notice is part of the page. A toast says what was just done, and stays if "
            "something went wrong."
        ),
        '{% notice tone="warn" icon= title=_("…") %}…{% endnotice %}\n'
        "messages.success(request, …)   or the header HX-Trigger: "
        '{"toast": {"text": "…", "tone": "success"}}',
    ),
    Part(
        "empty",
        _("Empty state"),
        _("Says that nothing is missing, and what to do next."),
        '{% empty_state title=_("…") icon="ticket" %}…{% endempty_state %}',
    ),
    Part(
        "progress",
        _("Progress and live parts"),
        _(
            "Long work shows its progress. A skeleton stands in for content that is loading. A "
            "live part refreshes itself."
        ),
        '{% include "components/progress.html" with label= value= max= %}\n'
        '{% include "components/skeleton.html" with label= %}\n'
        '{% live id="queue" url=address etag=version every=2 label=_("…") %}…{% endlive %}\n'
        "The address answers with the same partial and its ETag, or with 304.",
    ),
    Part(
        "icons",
        _("Icons"),
        _("Drawn for OfficeFlow on a grid of 24."),
        '{% icon "box" %}   {% icon "lock" label=_("…") size="sm" %}   sizes: sm, lg, xl',
    ),
)

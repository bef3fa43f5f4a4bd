"""The forms that upload a file, say how it is read, and choose its columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.idempotency.forms import IdempotentForm
from officeflow.imports.content import MAX_BYTES
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile
from officeflow.imports.prices import OPTION, WITH_TAX, WITHOUT_TAX, option_for
from officeflow.imports.reading import DELIMITERS, ENCODINGS, MAX_LINES, Layout
from officeflow.imports.registry import Importer
from officeflow.ui.fields import DayField

MOST_VALUE = 200


class FileForm(IdempotentForm):
    """A file."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file.")},
    )

    def clean_file(self) -> object:
        """Refuses a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Split it into smaller files."),
                params={"most": MAX_BYTES // 1024**2},
            )
        return file


class LayoutForm(forms.Form):
    """How the lines of a file are read."""

    heading_line = forms.IntegerField(
        label=_("Line of the headings"), min_value=1, max_value=MAX_LINES
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"), choices=list(ENCODINGS.items()), widget=forms.RadioSelect
    )
    delimiter = forms.ChoiceField(
        label=_("Between the cells"),
        choices=[("tab" if sign == "\t" else sign, name) for sign, name in DELIMITERS.items()],
    )
    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, layout: Layout, data: Any = None) -> None:
        super().__init__(
            data,
            initial={
                "heading_line": layout.heading_line,
                "encoding": layout.encoding,
                "delimiter": "tab" if layout.delimiter == "\t" else layout.delimiter,
                "sheet": layout.sheet,
            },
        )
        self.layout = layout
        if layout.is_workbook:
            del self.fields["encoding"], self.fields["delimiter"]
            self.fields["sheet"].choices = [  # type: ignore[attr-defined]
                (name, name) for name in layout.sheets
            ]
        if len(layout.sheets) < 2:
            del self.fields["sheet"]

    def chosen(self) -> Layout:
        """Returns the layout that was chosen."""
        cleaned = dict(self.cleaned_data)
        if cleaned.get("delimiter") == "tab":
            cleaned["delimiter"] = "\t"
        return Layout(**{**self.layout.as_json(), **cleaned})


class MappingForm(forms.Form):
    """What each column of the file means, and what the file does not say.

    The fields `column_N` are the columns of the file, `value_N` those of the importer.
    """

    source = forms.CharField(label=_("Source"), max_length=60)
    decimal_sign = forms.ChoiceField(
        label=_("Decimal sign"),
        choices=[("", _("As the file shows")), (".", _("Point")), (",", _("Comma"))],
        widget=forms.RadioSelect,
        required=False,
    )
    date_order = forms.ChoiceField(
        label=_("Order of day and month"),
        choices=[
            ("", _("As the file shows")),
            ("dmy", _("Day first")),
            ("mdy", _("Month first")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    history = forms.ChoiceField(
        label=_("Which orders are done?"),
        choices=[
            ("open", _("None: all orders are new work")),
            ("done", _("All: only record them")),
            ("before", _("Those before a day")),
            ("marked", _("Those that the file marks as done")),
        ],
        widget=forms.RadioSelect,
    )
    prices = forms.ChoiceField(
        label=_("Do the prices in this file include tax?"),
        choices=[(WITH_TAX, _("They include tax")), (WITHOUT_TAX, _("They do not include tax"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the prices include tax.")},
    )
    before = DayField(
        label=_("Orders before this day are done"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        importer: Importer,
        import_file: ImportFile,
        data: Any = None,
        date_order: str | None = None,
    ) -> None:
        """Proposes `date_order`; with None the one that is stored with the file."""
        self.importer, self.headings = importer, list(import_file.headings)
        mapping = ColumnMapping(**import_file.mapping)
        own = importer.own_prices_have_tax()
        initial: dict[str, Any] = {
            "source": import_file.source,
            "history": "open",
            "decimal_sign": mapping.decimal_sign,
            "date_order": mapping.date_order if date_order is None else date_order,
            **import_file.options,
        }
        if own is not None:
            initial[OPTION] = initial.get(OPTION) or option_for(own)
        for place in range(len(self.headings)):
            initial[f"column_{place}"] = mapping.meaning_of(place)
        for place, column in enumerate(importer.columns):
            initial[f"value_{place}"] = mapping.values.get(column.name, "")
        super().__init__(data, initial=initial)
        meanings = [("", _("(ignore)"))] + [(each.name, each.name) for each in importer.columns]
        for place, heading in enumerate(self.headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or _("Column %(n)d") % {"n": place + 1},
                choices=meanings,
                required=False,
            )
        for place, column in enumerate(importer.columns):
            self.fields[f"value_{place}"] = forms.CharField(
                label=column.name, max_length=MOST_VALUE, required=False
            )
        if not importer.default_source:
            del self.fields["source"]
        if not any(column.is_number for column in importer.columns):
            del self.fields["decimal_sign"]
        if not any(column.is_date for column in importer.columns):
            del self.fields["date_order"]
        if own is None:
            del self.fields[OPTION]
        if not importer.has_history:
            del self.fields["history"], self.fields["before"]

    def mapping(self) -> ColumnMapping:
        """Returns the chosen mapping."""
        columns: dict[str, list[int]] = {}
        for place in range(len(self.headings)):
            if meaning := self.cleaned_data[f"column_{place}"]:
                columns.setdefault(meaning, []).append(place)
        values = {
            column.name: self.cleaned_data[f"value_{place}"]
            for place, column in enumerate(self.importer.columns)
            if self.cleaned_data[f"value_{place}"]
        }
        return ColumnMapping(
            columns=columns,
            values=values,
            decimal_sign=self.cleaned_data.get("decimal_sign", ""),
            date_order=self.cleaned_data.get("date_order", ""),
        )

    def options(self) -> dict[str, Any]:
        """Returns which orders are done, and whether the prices include tax."""
        before = self.cleaned_data.get("before")
        return {
            OPTION: self.cleaned_data.get(OPTION, ""),
            "history": self.cleaned_data.get("history", ""),
            "before": before.isoformat() if before else "",
        }

"""The form that uploads a file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.idempotency.forms import IdempotentForm
from officeflow.imports.reading import MAX_BYTES
from officeflow.imports.registry import Importer


class FileForm(IdempotentForm):
    """A file and its source."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file.")},
    )
    decimal_sign = forms.ChoiceField(
        label=_("Decimal sign"),
        choices=[
            ("", _("As the file shows")),
            (".", _("Point: 1,234.50")),
            (",", _("Comma: 1.234,50")),
        ],
        required=False,
    )
    source = forms.CharField(label=_("Source"), max_length=60, required=False)

    def __init__(self, importer: Importer, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not any(column.is_number for column in importer.columns):
            del self.fields["decimal_sign"]
        if importer.default_source:
            self.fields["source"].initial = importer.default_source
        else:
            del self.fields["source"]

    def clean_file(self) -> object:
        """Refuses a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Split it into smaller files."),
                params={"most": MAX_BYTES // 1024**2},
            )
        return file

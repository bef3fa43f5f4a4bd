"""The key that makes a form's submission happen once."""

from __future__ import annotations

from typing import cast
from uuid import uuid4

from django import forms
from django.http import QueryDict


def new_key() -> str:
    """A key for a form that is shown for the first time."""
    return str(uuid4())


def change_sent(form: forms.Form, name: str, value: str) -> None:
    """Lets a form that is shown again carry another value than the one that was sent."""
    data = cast(QueryDict, form.data).copy()
    data[form.add_prefix(name)] = value
    form.data = data


class OnceForm(forms.Form):
    """A form that may be sent twice and must act once; a corrected form keeps its key."""

    idempotency_key = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, initial=new_key
    )

    def renew_key(self) -> None:
        """Another key: what is sent next is another submission."""
        change_sent(self, "idempotency_key", new_key())

    @property
    def key(self) -> str:
        """The key that was sent; a fresh one when it was missing."""
        return str(self.cleaned_data.get("idempotency_key") or new_key())

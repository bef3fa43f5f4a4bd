"""The key that makes a form's submission happen once."""

from __future__ import annotations

from uuid import uuid4

from django import forms


def new_key() -> str:
    """A key for a form that is shown for the first time."""
    return str(uuid4())


class OnceForm(forms.Form):
    """A form that may be sent twice and must act once; a corrected form keeps its key."""

    idempotency_key = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, initial=new_key
    )

    def renew_key(self) -> None:
        """Another key: what is sent next is another submission."""
        self.data = self.data.copy()
        self.data[self.add_prefix("idempotency_key")] = new_key()

    @property
    def key(self) -> str:
        """The key that was sent; a fresh one when it was missing."""
        return str(self.cleaned_data.get("idempotency_key") or new_key())

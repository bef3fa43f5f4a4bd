"""A form that acts once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.models import AbstractBaseUser

from officeflow.errors import Refused
from officeflow.idempotency.actions import KeyReused, Outcome, once
from officeflow.ui.forms import change_sent


def new_key() -> str:
    """A key for a form that is shown for the first time."""
    return str(uuid4())


class OnceForm(forms.Form):
    """A form that may be sent twice and must act once; a corrected form keeps its key."""

    idempotency_key = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, initial=new_key
    )

    def act_once(
        self,
        *,
        actor: AbstractBaseUser,
        endpoint: str,
        body: Any,
        effect: Callable[[], dict[str, Any]],
        reused: str,
    ) -> Outcome:
        """Runs `effect` once for the form's key, as `once` does.

        When the key was used with another body the form takes a new one, so that sending it
        again is another submission, and `reused` is raised as a `Refused`.
        """
        try:
            return once(
                actor=actor,
                endpoint=endpoint,
                key=str(self.cleaned_data.get("idempotency_key") or new_key()),
                body=body,
                effect=effect,
            )
        except KeyReused:
            change_sent(self, "idempotency_key", new_key())
            raise Refused(reused) from None

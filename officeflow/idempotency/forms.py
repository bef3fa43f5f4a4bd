"""Forms that take effect once, however often they are sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.models import AbstractBaseUser

from officeflow.errors import Refused
from officeflow.idempotency.actions import KeyReused, OnceResult, run_once
from officeflow.ui.forms import set_sent_value


def new_key() -> str:
    """Returns a new idempotency key."""
    return str(uuid4())


class IdempotentForm(forms.Form):
    """A form with an idempotency key. A form shown again after an error keeps its key."""

    idempotency_key = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, initial=new_key
    )

    def run_once(
        self,
        *,
        actor: AbstractBaseUser,
        endpoint: str,
        body: Any,
        effect: Callable[[], dict[str, Any]],
        reused: str,
    ) -> OnceResult:
        """Runs `effect` once for the form's key, as `actions.run_once` does.

        When the key was used with another body, gives the form a new key, so that it can be sent
        again, and raises `Refused` with the message `reused`.
        """
        try:
            return run_once(
                actor=actor,
                endpoint=endpoint,
                key=str(self.cleaned_data.get("idempotency_key") or new_key()),
                body=body,
                effect=effect,
            )
        except KeyReused:
            set_sent_value(self, "idempotency_key", new_key())
            raise Refused(reused) from None

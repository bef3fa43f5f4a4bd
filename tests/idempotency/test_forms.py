"""Idempotent forms, and where refusals are shown."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict

from officeflow.errors import Refused
from officeflow.idempotency.actions import OnceResult
from officeflow.idempotency.forms import IdempotentForm
from officeflow.staff.models import User
from officeflow.ui.forms import show_refusal


class Note(IdempotentForm):
    """An idempotent form."""

    text = forms.CharField()
    shown = forms.CharField(required=False, widget=forms.HiddenInput)


def sent(text: str, key: str = "k") -> Note:
    data = QueryDict(mutable=True)
    data.update({"text": text, "idempotency_key": key})
    form = Note(data)
    assert form.is_valid()
    return form


def act(actor: User, form: Note, made: list[str]) -> OnceResult:
    text = form.cleaned_data["text"]

    def effect() -> dict[str, str]:
        made.append(text)
        return {"number": str(len(made))}

    return form.run_once(
        actor=actor, endpoint="note", body=text, effect=effect, reused="Something else was sent."
    )


def test_a_form_that_is_sent_twice_takes_effect_once(rita: User) -> None:
    made: list[str] = []
    first, again = act(rita, sent("a"), made), act(rita, sent("a"), made)
    assert made == ["a"]
    assert first.result == again.result
    assert (first.replayed, again.replayed) == (False, True)


def test_another_body_is_refused_and_the_form_gets_a_new_key(rita: User) -> None:
    made: list[str] = []
    act(rita, sent("a"), made)
    form = sent("b")
    with pytest.raises(Refused, match="Something else"):
        act(rita, form, made)
    key = form["idempotency_key"].value()
    assert key not in ("", "k")
    act(rita, sent("b", key), made)
    assert made == ["a", "b"]


def test_a_form_without_a_key_takes_effect_each_time(rita: User) -> None:
    made: list[str] = []
    for _ in range(2):
        act(rita, sent("a", key=""), made)
    assert made == ["a", "a"]


@pytest.mark.parametrize(
    ("field", "beside"),
    [("text", "text"), ("", "__all__"), ("none", "__all__"), ("shown", "__all__")],
)
def test_a_refusal_is_shown_beside_a_visible_field_or_at_the_top(field: str, beside: str) -> None:
    form = sent("a")
    show_refusal(form, Refused("No.", field))
    assert form.errors == {beside: ["No."]}

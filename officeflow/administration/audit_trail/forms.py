"""The filter form of the audit trail's page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow import records
from officeflow.administration.audit_trail.vocabulary import action_label
from officeflow.audit.models import Realm
from officeflow.audit.queries import AuditFilter, actions_done
from officeflow.company.models import Office
from officeflow.company.queries import day_bounds
from officeflow.numbering import normalise
from officeflow.staff.models import User
from officeflow.ui.fields import DayField

SYSTEM = ":system"  # no user name has a colon


class AuditFilterForm(forms.Form):
    """The filters of the audit trail, sent in the query string."""

    q = forms.CharField(label=_("Text"), max_length=100, required=False)
    record = forms.CharField(label=_("Record number"), max_length=60, required=False)
    who = forms.ChoiceField(label=_("Person"), required=False)
    did = forms.ChoiceField(label=_("Action"), required=False)
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, data: Any, realms: Collection[Realm]) -> None:
        super().__init__(data)
        people = User.objects.order_by("full_name", "pk").values_list("pk", "username", "full_name")
        self._pks = {username: pk for pk, username, _name in people}
        self._choose(
            "who",
            [
                ("", _("Everybody")),
                (SYSTEM, _("OfficeFlow (nobody signed in)")),
                *((username, name or username) for _pk, username, name in people),
            ],
        )
        actions = sorted(
            ((each, action_label(each)) for each in actions_done(realms)), key=lambda x: x[1]
        )
        self._choose("did", [("", _("All actions")), *actions])
        audited = ((each.code, each.label) for each in records.kinds() if each.is_audited)
        kinds = sorted(audited, key=lambda each: str(each[1]))
        self._choose("kind", [("", _("All kinds")), *kinds])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Checks that the last day is not before the first."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not be before the first day."))
        return cleaned

    @property
    def is_used(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in self.fields)

    def wanted(self, office: Office) -> AuditFilter:
        """Returns the filter; an invalid field filters nothing."""
        self.is_valid()
        cleaned = self.cleaned_data
        who = cleaned.get("who") or ""
        record = " ".join((cleaned.get("record") or "").split())
        since, until = cleaned.get("since"), cleaned.get("until")
        return AuditFilter(
            who=None if not who else self._pks.get(who, 0),
            action=cleaned.get("did") or "",
            kind=cleaned.get("kind") or "",
            records={record, record.casefold(), normalise(record)} if record else (),
            since=day_bounds(since, office)[0] if since else None,
            until=day_bounds(until, office)[1] if until else None,
            text=cleaned.get("q") or "",
        )

"""The forms of sites."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.ui.edit_conflict import VersionField


class _SiteFields(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=limits.ADDRESS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NewSiteForm(_SiteFields):
    """A new site."""

    code = forms.CharField(label=_("Code"), max_length=12)


class SiteForm(_SiteFields):
    """An existing site."""

    version = VersionField()
    is_active = forms.BooleanField(label=_("In use"), required=False)

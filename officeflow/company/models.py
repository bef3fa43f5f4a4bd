"""The office: one row of settings, and its sites."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def check_time_zone(value: str) -> None:
    """Raises `ValidationError` unless `value` is an IANA time zone such as `Europe/London`."""
    if value not in available_timezones():
        raise ValidationError(
            _("%(zone)s is not a time zone; write one such as Europe/London."),
            params={"zone": value},
        )


class Site(models.Model):
    """A place with a counter. There is one at first; everything that happens carries its site."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=100)
    address = models.TextField(_("address"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """The office's own settings. There is one row, with the key 1."""

    name = models.CharField(_("name"), max_length=100)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[check_time_zone])
    currency = models.CharField(_("currency"), max_length=3)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    main_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    is_demo = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="office_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="office_currency_iso_4217"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone: what is stored in UTC is shown in it."""
        return ZoneInfo(self.time_zone)

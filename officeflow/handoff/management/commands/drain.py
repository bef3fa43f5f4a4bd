"""`manage.py drain`: applies every hand-off that can be applied, without workers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from officeflow.handoff.applying.draining import drain


class Command(BaseCommand):
    help = "Applies every hand-off that can be applied now, and prints how many."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{drain()} applied")

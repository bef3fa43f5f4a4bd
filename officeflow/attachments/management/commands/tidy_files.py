"""`manage.py tidy_files`: removes what was handed in and belongs to nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from officeflow.attachments.actions import tidy


class Command(BaseCommand):
    help = "Remove files that a crash left behind and drafts that were never sent."

    def handle(self, *args: Any, **options: Any) -> None:
        done = tidy(now=timezone.now())
        self.stdout.write(f"{done.drafts} drafts and {done.files} stray files removed")
        for number in done.missing:
            self.stderr.write(f"{number}: its file is missing; restore it from a backup")

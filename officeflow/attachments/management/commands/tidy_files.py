"""`manage.py tidy_files`: deletes expired drafts and files without a row."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from officeflow.attachments.actions import delete_unused_files


class Command(BaseCommand):
    help = "Delete files that belong to no attachment and drafts that were never sent."

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = delete_unused_files(now=timezone.now())
        self.stdout.write(f"{deleted.drafts} drafts and {deleted.files} unused files deleted")
        for number in deleted.missing:
            self.stderr.write(f"{number}: the file is missing; restore it from a backup")

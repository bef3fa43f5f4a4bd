"""The technical admin has only locked accounts and API tokens."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Group

# Roles are `RoleGrant`s; Django's groups are not used.
admin.site.unregister(Group)

"""The technical admin: locked accounts and API tokens. Everything else has its own pages."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Group

# Roles are `RoleGrant`s; Django's groups would only look like them.
admin.site.unregister(Group)

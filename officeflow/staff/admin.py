"""The technical admin: locked doors and API tokens. People and the wings have their own pages."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Group

# Roles are `RoleGrant`s; Django's groups would only look like them.
admin.site.unregister(Group)

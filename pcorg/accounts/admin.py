"""People in the admin, for superusers: who may sign in, with which roles. Every write is audited.

Tokens are not here: a person sees and revokes their own on the account page.
"""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from knox.models import AuthToken

from pcorg.audit import trail
from pcorg.audit.admin import AuditedAdmin

for brought in (AccessAttempt, AccessFailureLog, AccessLog, AuthToken, Group, User):
    if admin.site.is_registered(brought):
        admin.site.unregister(brought)


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):
    """A person or a program. What they may do comes from their roles (groups) alone."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_staff", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("is_active", "groups", "is_staff", "is_superuser")}),
    )
    filter_horizontal = ("groups",)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> LogEntry:
        """Django's own log; and, for a new password, which passes by the saving of the record, ours."""
        entry = super().log_change(request, obj, message)
        if request.resolver_match is not None and request.resolver_match.url_name == "auth_user_password_change":
            trail.record(actor=request.user.get_username(), action="change-password", subject=obj.get_username())
        return entry

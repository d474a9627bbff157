"""People in the admin, for superusers: who may sign in, with which roles. Every write is audited.

Tokens and second factors are not here: a person looks after their own on the account page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from pcorg.accounts import passwords, security
from pcorg.audit.admin import AuditedAdmin, differences
from pcorg.audit.subjects import Subject

DECIDING = ("groups", "is_active", "is_staff", "is_superuser")
"""Fields that decide what a person may do."""


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

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The person, with who is at work on them: the trail names them where a new password is saved."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.password_set = (request.user.get_username(), request)
        return found

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> LogEntry:
        """Django's own log. A password that is taken away, which none of the saving notices, ends the same as a new
        one."""
        entry = super().log_change(request, obj, message)
        shown = request.resolver_match.url_name if request.resolver_match else ""
        if shown == "auth_user_password_change" and not obj.has_usable_password():
            by, name = request.user.get_username(), obj.get_username()
            passwords.end_everything(obj)
            security.record("remove-password", subject=name, by=by, request=request)
        return entry

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Closing an account ends its tokens and sessions for good. What decides what a person may do goes to the
        security log too."""
        person, by = form.instance, request.user.get_username()
        if "is_active" in form.changed_data and not person.is_active:
            tokens, sessions = passwords.end_everything(person)
            security.record(
                "close-account",
                subject=person.get_username(),
                by=by,
                request=request,
                tokens_ended=tokens,
                sessions_ended=sessions,
            )
        super().save_related(request, form, formsets, change)
        said = {name: told for name, told in differences(form).items() if name in DECIDING}
        if said:
            security.tell("change-roles", subject=person.get_username(), by=by, request=request, **said)

    def _record_deletion(self, request: HttpRequest, subject: str, wrote: list[Subject]) -> None:
        security.tell("delete-user", subject=subject, by=request.user.get_username(), request=request)
        super()._record_deletion(request, subject, wrote)

"""People in the admin, for superusers: who may sign in, with which roles. Every write is audited.

Passwords, tokens and second factors are not here: a person looks after their own on the account page. Nobody chooses a
password for somebody else: the admin gives out a code, good once and for an hour, by which its owner chooses one.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.cache import never_cache

from pcorg.core.accounts import passwords, recovery, security
from pcorg.core.audit.admin import AuditedAdmin, differences
from pcorg.core.audit.subjects import Subject

DECIDING = ("groups", "is_active", "is_staff", "is_superuser")
"""Fields that decide what a person may do."""


class NewPersonForm(forms.ModelForm):
    """A person or a program that cannot sign in until its owner has chosen a password."""

    class Meta:
        model = User
        fields = ("username", "email")

    def clean_username(self) -> str:
        """Raises ValidationError for a name that another has, whatever its capitals."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError("A person of this name is there already.")
        return name

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        made: User = super().save(commit)
        return made


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):
    """A person or a program. What they may do comes from their roles (groups) alone."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_staff", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password_is")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("is_active", "groups", "is_staff", "is_superuser")}),
    )
    add_form = NewPersonForm
    add_fieldsets = ((None, {"fields": ("username", "email")}),)
    add_form_template = None
    filter_horizontal = ("groups",)

    @admin.display(description="Password")
    def password_is(self, person: User) -> str:
        """Whether there is one, and where it is dealt with."""
        there = "There is one." if person.has_usable_password() else "There is none yet."
        return format_html('{} <a href="../password/">Give out a code to choose one, or take it away</a>', there)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """A superuser changes their own address, by which a password is recovered, on the account page, which asks who
        they are."""
        readonly = [*super().get_readonly_fields(request, obj), "password_is"]
        return [*readonly, "email"] if obj == request.user else readonly

    @method_decorator(never_cache)
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Gives out a code by which somebody chooses a password, or takes their password away. A superuser's own is
        changed on the account page. Raises PermissionDenied, Http404."""
        person = self.get_object(request, unquote(id))
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person == request.user:
            messages.info(request, "Change your own password here.")
            return redirect("password")
        by, code = request.user.get_username(), None
        if "unset-password" in request.POST:
            passwords.take_away(user=person, by=by, request=request)
            messages.success(request, f"The password of {person} is taken away, with their tokens and sessions.")
            return redirect("admin:auth_user_change", person.pk)
        if request.method == "POST":
            code = recovery.make_code(user=person, by=by, request=request)
            if code is None:
                messages.success(request, f"A code is on its way to the e-mail address of {person}.")
                return redirect("admin:auth_user_change", person.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Password of {person}",
            "person": person,
            "code": code,
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            "page": request.build_absolute_uri(reverse("recover-password")),
            "by_mail": bool(person.email) and settings.SENDS_EMAIL,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/password_code.html", context, status=201 if code else 200)

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
        changed = {name: values for name, values in differences(form).items() if name in DECIDING}
        if changed:
            security.log_alone("change-roles", subject=person.get_username(), by=by, request=request, **changed)

    def _record_deletion(self, request: HttpRequest, subject: str, wrote: list[Subject]) -> None:
        security.log_alone("delete-user", subject=subject, by=request.user.get_username(), request=request)
        super()._record_deletion(request, subject, wrote)

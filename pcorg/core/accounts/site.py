"""The admin's site: nobody gets in by another door than the pages'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from pcorg.core.accounts import second_factor


class ReferenceSite(AdminSite):
    """Signing in, out and changing one's password happen on the pages, where locks and the second factor are."""

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Takes what is audited: what installed apps bring for tables of their own would write past the trail."""
        from pcorg.core.audit.admin import AuditedAdmin  # noqa: PLC0415 - needs the models

        if admin_class is not None and issubclass(admin_class, AuditedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may enter: staff, with the second factor where it is required of them."""
        return super().has_permission(request) and not second_factor.is_missing(request.user)  # type: ignore[arg-type]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads to where a person gets what they lack. Raises PermissionDenied for somebody who is no staff."""
        next_url = request.GET.get(REDIRECT_FIELD_NAME, "")
        own = url_has_allowed_host_and_scheme(next_url, {request.get_host()}, require_https=request.is_secure())
        destination = next_url if own else reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(destination, resolve_url("sign-in"))
        if self.has_permission(request):
            return redirect(destination)
        if not request.user.is_staff:
            raise PermissionDenied
        messages.info(request, "The admin takes a second factor. Set up an authenticator app first.")
        return redirect("second-factor")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The pages' own signing out."""
        from pcorg.core.accounts.views.sign_in import SignOut  # noqa: PLC0415 - views need the URLs, which need this site

        return SignOut.as_view()(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The pages' own change of a password."""
        return redirect("password")

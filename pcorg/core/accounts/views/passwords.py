"""Changing one's password, and getting a new one by e-mail."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pcorg.core.accounts import mail, passwords, recovery, security, sessions
from pcorg.core.accounts.forms import AskForm, ChangePasswordForm, RecoverForm
from pcorg.core.accounts.views import SignedInRequest, own_account


@own_account("GET", "HEAD", "POST")
def password(request: SignedInRequest) -> HttpResponse:
    """Changes a person's own password. This session goes on; all others and all tokens end."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        user = form.user
        with transaction.atomic():
            passwords.change(
                user=user, password=form.cleaned_data["new_password"], by=user.get_username(), request=request
            )
            update_session_auth_hash(request, user)
            sessions.begin(request, user)
        mail.notify_of_change(user, "The password of your account was changed. Your tokens have ended.")
        messages.success(request, "Your password is changed. Your tokens and your other sessions have ended.")
        return redirect("account")
    errors = form.summary
    return render(request, "accounts/password.jinja", {"form": form, "errors": errors}, status=422 if errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Asks for the e-mail address of somebody who has forgotten their password. The answer is the same whether the
    address is known or not. Raises Http404 where this site sends no e-mail."""
    if not settings.SENDS_EMAIL:
        raise Http404("This site sends no e-mail. Ask the person who runs it for a new password.")
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        recovery.ask(email=form.cleaned_data["email"], request=request)
        return redirect("recover-sent")
    errors = form.summary
    return render(request, "accounts/recover.jinja", {"form": form, "errors": errors}, status=422 if errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD"])
def recover_sent(request: HttpRequest) -> HttpResponse:
    """Says what happens next."""
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    return render(request, "accounts/recover-sent.jinja", {"minutes": minutes})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover_password(request: HttpRequest) -> HttpResponse:
    """A new password by a code: from the letter, or from whoever runs the site."""
    form = RecoverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.whose is not None:
        user = form.whose
        passwords.change(user=user, password=form.cleaned_data["new_password"], by=user.get_username(), request=request)
        mail.notify_of_change(user, "The password of your account was changed. Your tokens have ended.")
        messages.success(request, "Your password is set. Sign in with it now.")
        return redirect("sign-in")
    if "code" in form.errors:
        security.warn("password-code-refused", subject=security.UNKNOWN, request=request)
    errors = form.summary
    context = {"form": form, "errors": errors, "sends_email": settings.SENDS_EMAIL}
    return render(request, "accounts/recover-password.jinja", context, status=422 if errors else 200)

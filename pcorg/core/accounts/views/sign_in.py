"""Signing in, in one step or two, and out."""

from __future__ import annotations

import time
from typing import Any

import django_otp
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.models import Device
from structlog.contextvars import bind_contextvars

from pcorg.core.accounts import locks, second_factor, security, sessions
from pcorg.core.accounts.forms import WRONG_CODE, CodeForm, SignInForm

WAITING = "second-step"
"""Where the session keeps who gave the right password and has still to give the code."""
WAITS = 300
"""Seconds that the code may be given after the password."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignInView(LoginView):
    """Asks for name and password; then signs a person in, or asks for the code of their second factor. Sends them to
    where they wanted to go, on this site alone."""

    template_name = "accounts/sign-in.jinja"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        user: User = form.get_user()
        if second_factor.app_of(user) is None:
            complete(self.request, user)
            return redirect(_lead(self.request, user, self.get_success_url()))
        self.request.session.cycle_key()
        self.request.session[WAITING] = {
            "user": user.pk,
            "password": user.get_session_auth_hash(),
            "at": time.time(),
            "next": self.get_success_url(),
        }
        return redirect("sign-in-code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"errors": context["form"].summary, "sends_email": settings.SENDS_EMAIL}


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step: the code of the authenticator app, or a recovery code."""
    user = _waiting(request)
    if user is None:
        messages.info(request, "Signing in took too long or was not begun here. Begin again.")
        return redirect("sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not AxesProxyHandler.is_allowed(request, {"username": user.get_username()}):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            return HttpResponse(status=429)  # its page comes from the middleware of the locks
        if form.is_valid():
            device = second_factor.matched(user, form.cleaned_data["code"])
            if device is not None:
                next_url = request.session.pop(WAITING)["next"]
                complete(request, user, device)
                return redirect(next_url)
            locks.count_failure(request, username=user.get_username())
            form.add_error("code", WRONG_CODE)
    errors = form.summary
    context = {"form": form, "errors": errors}
    return render(request, "accounts/sign-in-code.jinja", context, status=422 if errors else 200)


def complete(request: HttpRequest, user: User, device: Device | None = None) -> None:
    """Begin the session of somebody who has shown that it is them."""
    with transaction.atomic():
        auth.login(request, user, backend=BACKEND)
        if device is not None:
            django_otp.login(request, device)
        sessions.begin(request, user)
        bind_contextvars(user=user.pk)
        kind = "none" if device is None else "app" if device.name == "Authenticator app" else "recovery code"
        security.record("sign-in", subject=user.get_username(), by=user.get_username(), request=request, second=kind)


class SignOut(LogoutView):
    """Signs a person out; by POST alone, so that no link on another site can do it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.user.get_username()
        with transaction.atomic():
            answer = super().post(request, *args, **kwargs)
            if name:
                security.record("sign-out", subject=name, by=name, request=request)
        answer["Clear-Site-Data"] = '"cache"'  # not "storage": how somebody likes pages to look is no secret
        return answer


@never_cache
def locked_out(request: HttpRequest, response: HttpResponseBase | None, credentials: Any) -> HttpResponse:
    """The answer to too many wrong passwords, instead of the sign-in page's own `response`."""
    by_address = getattr(request, "locked_by_address", False)
    wait = settings.ADDRESS_WINDOW if by_address else settings.AXES_COOLOFF_TIME
    context = {
        "by_address": by_address,
        "failures": settings.ADDRESS_FAILURE_LIMIT if by_address else settings.AXES_FAILURE_LIMIT,
        "minutes": round(wait.total_seconds() / 60),
    }
    answer = render(request, "accounts/locked-out.jinja", context, status=429)
    answer["Retry-After"] = str(round(wait.total_seconds()))
    return answer


def _waiting(request: HttpRequest) -> User | None:
    """Who gave the right password a moment ago, in this session. A password changed meanwhile is no longer right."""
    waiting = request.session.get(WAITING)
    if not waiting or not 0 <= time.time() - waiting["at"] <= WAITS:
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), waiting["password"]):
        return None
    return user


def _lead(request: HttpRequest, user: User, next_url: str) -> str:
    """Where somebody goes after signing in: where they wanted, or first to setting up a second factor, where one is
    required of them."""
    if not second_factor.is_required_of(user):
        return next_url
    messages.info(request, "What you may do takes a second factor when you sign in. Set one up now.")
    query = {} if next_url == resolve_url(settings.LOGIN_REDIRECT_URL) else {"next": next_url}
    return reverse("second-factor") + (f"?{urlencode(query)}" if query else "")

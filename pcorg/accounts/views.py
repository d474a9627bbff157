"""Sign in, account and tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from knox.models import AuthToken

from pcorg.accounts import actions
from pcorg.accounts.forms import SignInForm, TokenForm, summary
from pcorg.accounts.roles import roles_of


class SignedIn(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


class SignIn(LoginView):
    """Signs a person in and sends them to where they wanted to go, on this site alone."""

    template_name = "accounts/sign-in.jinja"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"errors": summary(context["form"])}


class SignOut(LogoutView):
    """Signs a person out; by POST alone, so that no link on another site can do it."""


@never_cache
def locked_out(request: HttpRequest, response: HttpResponseBase | None, credentials: Any) -> HttpResponse:
    """The answer to too many wrong passwords, instead of the sign-in page's own `response`."""
    wait = settings.AXES_COOLOFF_TIME
    answer = render(
        request,
        "accounts/locked-out.jinja",
        {"failures": settings.AXES_FAILURE_LIMIT, "minutes": round(wait.total_seconds() / 60)},
        status=429,
    )
    answer["Retry-After"] = str(round(wait.total_seconds()))
    return answer


@never_cache
@login_required
@require_GET
def account(request: SignedIn) -> HttpResponse:
    """Who is signed in, what they may do, and their tokens."""
    return _account(request, TokenForm())


@never_cache
@login_required
@require_POST
def token_create(request: SignedIn) -> HttpResponse:
    """Makes a token and shows it, this once.

    The page is the answer to the POST itself and not a redirect: to survive a redirect the token would have
    to be kept in plain text.
    """
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account(request, form)
    token, text = actions.create_token(user=request.user, by=request.user.get_username(), life=form.life)
    return render(request, "accounts/token.jinja", {"text": text, "expires": _day(token.expiry)}, status=201)


@never_cache
@login_required
@require_POST
def token_revoke(request: SignedIn) -> HttpResponse:
    """Ends one of the person's own tokens."""
    try:
        actions.revoke_token(user=request.user, digest=request.POST.get("token", ""), by=request.user.get_username())
    except AuthToken.DoesNotExist:
        messages.info(request, "There is no such token of yours: it may have ended or been revoked already.")
    else:
        messages.success(request, "The token is revoked. Programs that send it are refused from now on.")
    return redirect("account")


def _account(request: SignedIn, form: TokenForm) -> HttpResponse:
    errors = summary(form)
    tokens = [
        {
            "digest": token.digest,
            "beginning": actions.beginning(token),
            "created": _day(token.created),
            "expires": _day(token.expiry),
            "ended": token.expiry is not None and token.expiry <= timezone.now(),
        }
        for token in AuthToken.objects.filter(user=request.user).order_by("-created")
    ]
    context = {
        "form": form,
        "errors": errors,
        "tokens": tokens,
        "roles": sorted(roles_of(request.user), key=lambda role: role.label),
    }
    return render(request, "accounts/account.jinja", context, status=422 if errors else 200)


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y}" if moment else "never"

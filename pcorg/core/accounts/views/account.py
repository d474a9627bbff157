"""The account page: who somebody is, their e-mail address, tokens and sessions."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from knox.models import AuthToken

from pcorg.core.accounts import actions, mail, second_factor, sessions, tokens
from pcorg.core.accounts.forms import EmailForm, TokenForm
from pcorg.core.accounts.roles import TokenScope, roles_held
from pcorg.core.accounts.views import SignedInRequest, own_account


@own_account("GET")
def account(request: SignedInRequest) -> HttpResponse:
    """Who is signed in, where, what they may do, and their tokens."""
    context = {
        "roles": sorted(roles_held(request.user), key=lambda role: role.label),
        "tokens": [_token(held) for held in _tokens_of(request)],
        "sessions": [_session(request, held) for held in sessions.open_sessions(request.user)],
        "second_factor": second_factor.app_of(request.user) is not None,
        "codes_left": second_factor.codes_left(request.user),
        "missing": second_factor.is_missing(request.user),
    }
    return render(request, "accounts/account.jinja", context)


@own_account("GET", "HEAD", "POST")
def email(request: SignedInRequest) -> HttpResponse:
    """Sets the address that a password is recovered by. The address before is told of it."""
    form = EmailForm(
        request.POST if request.method == "POST" else None, request=request, initial={"email": request.user.email}
    )
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["email"]
        before = actions.set_email(user=form.user, email=new, by=form.user.get_username(), request=request)
        if before and before != new:
            mail.notify_of_change(form.user, "The e-mail address of your account was changed.", to=before)
        messages.success(request, "Your e-mail address is saved." if new else "Your e-mail address is removed.")
        return redirect("account")
    errors = form.summary
    return render(request, "accounts/email.jinja", {"form": form, "errors": errors}, status=422 if errors else 200)


@own_account("GET", "HEAD", "POST")
def token_create(request: SignedInRequest) -> HttpResponse:
    """Makes a token and shows it, this once.

    The page is the answer to the POST itself and not a redirect: to survive a redirect the token would have
    to be kept in plain text. Somebody who lacks the second factor that is required of them makes none: it would do what
    their session may not.
    """
    if second_factor.is_missing(request.user):
        messages.info(request, "Making a token takes a second factor. Set up an authenticator app first.")
        return redirect("second-factor")
    form = TokenForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        scope = TokenScope(form.cleaned_data["scope"])
        token, text = tokens.create_token(
            user=form.user,
            by=form.user.get_username(),
            life=form.life,
            name=form.cleaned_data["name"],
            scope=scope,
            request=request,
        )
        mail.notify_of_change(form.user, f"A token called “{form.cleaned_data['name']}” was made for your account.")
        shown = {"text": text, "expires": _day(token.expiry), "name": form.cleaned_data["name"], "scope": scope.label}
        return render(request, "accounts/token.jinja", shown, status=201)
    errors = form.summary
    context = {"form": form, "errors": errors}
    return render(request, "accounts/token-create.jinja", context, status=422 if errors else 200)


@own_account("POST")
def token_revoke(request: SignedInRequest) -> HttpResponse:
    """Ends one of the person's own tokens."""
    digest = request.POST.get("token", "")
    try:
        tokens.revoke_token(user=request.user, digest=digest, by=request.user.get_username(), request=request)
    except AuthToken.DoesNotExist:
        messages.info(request, "There is no such token of yours: it may have ended or been revoked already.")
    else:
        messages.success(request, "The token is revoked. Programs that send it are refused from now on.")
    return redirect("account")


@own_account("POST")
def session_end(request: SignedInRequest) -> HttpResponse:
    """Ends one of the person's other sessions, or all of them."""
    moment = request.POST.get("began", "")
    try:
        began = datetime.fromisoformat(moment) if moment else None
    except ValueError:
        began = None
    if moment and (began is None or timezone.is_naive(began)):
        number = 0
    else:
        by, here = request.user.get_username(), request.session.session_key
        number = sessions.end(user=request.user, began=began, by=by, keep=here, request=request)
    if number:
        messages.success(request, "You are signed out there." if moment else "You are signed out everywhere else.")
    else:
        messages.info(request, "There was nothing to end: you are signed in nowhere else, or it ended already.")
    return redirect("account")


def _tokens_of(request: HttpRequest) -> list[AuthToken]:
    return list(AuthToken.objects.filter(user=request.user).select_related("details").order_by("-created"))


def _token(token: AuthToken) -> dict[str, object]:
    details = getattr(token, "details", None)
    return {
        "digest": token.digest,
        "beginning": tokens.beginning(token),
        "name": details.name if details else "A token",
        "scope": TokenScope.stored(details.scope).label.partition(":")[0] if details else TokenScope.READ.label,
        "created": _day(token.created),
        "used": _day(details.used_on) if details else "never",
        "expires": _day(token.expiry),
        "ended": token.expiry is not None and token.expiry <= timezone.now(),
    }


def _session(request: HttpRequest, sign_in: sessions.SignIn) -> dict[str, object]:
    return {
        "began": sign_in.began,
        "key": sign_in.began.isoformat(),
        "seen": sign_in.seen,
        "address": sign_in.address,
        "browser": sign_in.browser,
        "here": sign_in.pk == request.session.session_key,
    }


def _day(moment: object) -> str:
    if not moment:
        return "never"
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return f"{local:%-d %B %Y}"

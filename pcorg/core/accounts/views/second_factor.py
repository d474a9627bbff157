"""Setting up a second factor, its recovery codes, and turning it off."""

from __future__ import annotations

import django_otp
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp.plugins.otp_totp.models import TOTPDevice

from pcorg.core.accounts import mail, second_factor
from pcorg.core.accounts.forms import WRONG_CODE, AppCodeForm, ConfirmedForm
from pcorg.core.accounts.views import SignedInRequest, own_account

AFTERWARDS = "after-second-factor"


@own_account("GET")
def overview(request: SignedInRequest) -> HttpResponse:
    """Whether somebody has a second factor, and what they can do about it."""
    if "next" in request.GET:
        request.session[AFTERWARDS] = request.GET["next"]
    return _overview(request, ConfirmedForm(request=request))


@own_account("POST")
def begin(request: SignedInRequest) -> HttpResponse:
    """Shows the secret of a new app, to somebody who gives their password."""
    form = ConfirmedForm(request.POST, request=request)
    if not form.is_valid():
        return _overview(request, form)
    return _set_up(request, second_factor.new_app(form.user), AppCodeForm())


@own_account("POST")
def confirm(request: SignedInRequest) -> HttpResponse:
    """Turns it on, once the app shows the right code, and shows the recovery codes, this once."""
    app = TOTPDevice.objects.filter(user=request.user.pk, confirmed=False).first()
    if app is None:
        messages.info(request, "Begin by giving your password.")
        return redirect("second-factor")
    form = AppCodeForm(request.POST)
    if form.is_valid():
        by = request.user.get_username()
        made = second_factor.turn_on(user=request.user, code=form.cleaned_data["code"], by=by, request=request)
        if made is not None:
            device, codes = made
            django_otp.login(request, device)
            mail.notify_of_change(request.user, "A second factor was set up for your account.")
            return _codes(request, codes)
        form.add_error("code", WRONG_CODE)
    return _set_up(request, app, form)


@own_account("POST")
def new_codes(request: SignedInRequest) -> HttpResponse:
    """New recovery codes in the place of the old ones, shown this once."""
    form = ConfirmedForm(request.POST, request=request)
    if not form.wants_code or not form.is_valid():
        return _overview(request, form)
    by = form.user.get_username()
    return _codes(request, second_factor.renew_codes(user=form.user, by=by, request=request))


@own_account("POST")
def turn_off(request: SignedInRequest) -> HttpResponse:
    """Forgets the app and the codes."""
    form = ConfirmedForm(request.POST, request=request)
    if not form.is_valid():
        return _overview(request, form)
    if second_factor.turn_off(user=form.user, by=form.user.get_username(), request=request):
        mail.notify_of_change(form.user, "The second factor of your account was turned off.")
        messages.success(request, "The second factor is turned off. Your password alone signs you in.")
    return redirect("account")


def _overview(request: SignedInRequest, form: ConfirmedForm) -> HttpResponse:
    errors = form.summary
    context = {
        "form": form,
        "off": ConfirmedForm(request=request, auto_id="off-%s"),
        "errors": errors,
        "on": form.wants_code,
        "codes_left": second_factor.codes_left(form.user),
        "required": second_factor.is_required_of(form.user),
    }
    return render(request, "accounts/second-factor.jinja", context, status=422 if errors else 200)


def _set_up(request: SignedInRequest, app: TOTPDevice, form: AppCodeForm) -> HttpResponse:
    errors = form.summary
    context = {
        "form": form,
        "errors": errors,
        "secret": second_factor.secret_of(app),
        "picture": second_factor.picture_of(app),
    }
    return render(request, "accounts/second-factor-set-up.jinja", context, status=422 if errors else 200)


def _codes(request: SignedInRequest, codes: list[str]) -> HttpResponse:
    next_url = request.session.pop(AFTERWARDS, "")
    own = url_has_allowed_host_and_scheme(next_url, {request.get_host()}, require_https=request.is_secure())
    context = {"codes": codes, "next": next_url if own else ""}
    return render(request, "accounts/recovery-codes.jinja", context, status=201)

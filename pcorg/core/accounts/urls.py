"""Addresses of signing in and of a person's own account."""

from __future__ import annotations

from django.urls import path

from pcorg.core.accounts.views import account, passwords, second_factor, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign-out"),
    path("recover/", passwords.recover, name="recover"),
    path("recover/sent/", passwords.recover_sent, name="recover-sent"),
    path("recover/password/", passwords.recover_password, name="recover-password"),
    path("account/", account.account, name="account"),
    path("account/email/", account.email, name="email"),
    path("account/password/", passwords.password, name="password"),
    path("account/sessions/end/", account.session_end, name="session-end"),
    path("account/tokens/create/", account.token_create, name="token-create"),
    path("account/tokens/revoke/", account.token_revoke, name="token-revoke"),
    path("account/second-factor/", second_factor.overview, name="second-factor"),
    path("account/second-factor/begin/", second_factor.begin, name="second-factor-begin"),
    path("account/second-factor/confirm/", second_factor.confirm, name="second-factor-confirm"),
    path("account/second-factor/codes/", second_factor.new_codes, name="recovery-codes"),
    path("account/second-factor/off/", second_factor.turn_off, name="second-factor-off"),
]

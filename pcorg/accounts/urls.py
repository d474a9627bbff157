"""Addresses of signing in and of a person's own account."""

from __future__ import annotations

from django.urls import path

from pcorg.accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/tokens/create/", views.token_create, name="token-create"),
    path("account/tokens/revoke/", views.token_revoke, name="token-revoke"),
]

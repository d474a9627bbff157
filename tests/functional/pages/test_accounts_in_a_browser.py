"""A person's own account in Chromium: password, tokens, sessions and the second factor, by the pages' own forms."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.functional.pages.browsing import WIDTHS, check, follow
from tests.functional.pages.conftest import PASSWORD

pytestmark = pytest.mark.browser

NEW = "violet anchors sing at noon"
Open = Callable[..., Page]


def sign_in(shown: Page, served: str, name: str, password: str = PASSWORD) -> None:
    shown.goto(f"{served}/sign-in/")
    shown.get_by_label("User name").fill(name)
    shown.locator("#password").fill(password)
    follow(shown.locator("main").get_by_role("button", name="Sign in"))


def button(shown: Page, name: str) -> None:
    follow(shown.locator("main").get_by_role("button", name=name, exact=False).first)


def code_of(secret: str, *, step: int) -> str:
    """What an authenticator app shows for a secret, so many half minutes from now: the product takes one before and one
    after, each once."""
    app = TOTP(base64.b32decode(secret.replace(" ", "")))
    app.time = time.time() + 30 * step
    return f"{app.token():06}"


def test_a_password_is_changed_and_a_token_made(served: str, page: Open) -> None:
    there = page()
    sign_in(there, served, "eve")
    shown = page(320, scripts=False)
    sign_in(shown, served, "eve")
    follow(shown.get_by_role("link", name="Make a token"))
    button(shown, "Make a token")
    expect(shown.get_by_role("alert")).to_contain_text("Choose what the token may do")
    shown.get_by_label("What is it for?").fill("nightly copy")
    shown.get_by_label("Read only").check()
    shown.get_by_label("How many days should it work?").fill("30")
    shown.get_by_label("Your present password").fill(PASSWORD)
    button(shown, "Make a token")
    text = shown.locator("#token").inner_text()
    assert re.fullmatch(r"[0-9a-f]{64}", text)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    headers = {"Authorization": f"Token {text}"}
    assert shown.request.get(f"{served}/api/v1/forms/", headers=headers).status == 200
    follow(shown.get_by_role("link", name="Go back to your account"))
    expect(shown.locator("#token-list")).to_contain_text("nightly copy")

    follow(shown.get_by_role("link", name="Change your password"))
    shown.get_by_label("Your present password").fill(PASSWORD)
    shown.locator("#new_password").fill(NEW)
    shown.locator("#again").fill(NEW)
    button(shown, "Change the password")
    expect(shown.locator(".nhsuk-notification-banner")).to_contain_text("Your password is changed")
    expect(shown.locator("main")).to_contain_text("You have no tokens.")
    assert shown.request.get(f"{served}/api/v1/forms/", headers=headers).status == 401
    there.reload()
    expect(there.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(there, served, "eve", NEW)
    expect(there.get_by_role("link", name="Account of eve")).to_be_visible()


def test_a_page_leaves_when_its_session_has_ended(served: str, page: Open) -> None:
    shown = page()
    shown.clock.install()
    sign_in(shown, served, "fay")
    shown.goto(f"{served}/account/")
    shown.evaluate("document.body.dataset.stood = 'yes'")

    shown.clock.fast_forward("01:58:00")
    shown.evaluate("async () => { for (let n = 0; n < 5; n++) await (await fetch('/health/')).text() }")  # is use too
    shown.clock.fast_forward("01:58:00")
    assert shown.locator("body[data-stood]").count() == 1
    shown.clock.fast_forward("00:03:00")
    expect(shown.locator("body[data-stood]")).to_have_count(0)
    follow(shown.get_by_role("button", name="Sign out"))


def test_signing_out_in_one_window_clears_the_others(served: str, page: Open) -> None:
    shown = page()
    sign_in(shown, served, "fay")
    other = shown.context.new_page()
    other.goto(f"{served}/account/")
    public = shown.context.new_page()
    public.goto(f"{served}/glossary/")
    expect(public.get_by_role("link", name="Account of fay")).to_be_visible()

    follow(shown.get_by_role("button", name="Sign out"))

    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(public.get_by_role("link", name="Sign in")).to_be_visible()


@pytest.mark.exhaustive
def test_another_session_is_ended(served: str, page: Open) -> None:
    there, shown = page(), page()
    sign_in(there, served, "gus")
    sign_in(shown, served, "gus")

    row = shown.locator("#session-list tbody tr").filter(has=shown.get_by_role("button"))
    expect(row).to_have_count(1)
    check(shown, *WIDTHS)
    follow(row.get_by_role("button", name="End"))

    expect(shown.locator(".nhsuk-notification-banner")).to_contain_text("You are signed out there.")
    there.reload()
    expect(there.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.exhaustive
def test_a_second_factor_is_set_up_used_and_turned_off(served: str, page: Open) -> None:
    shown = page()
    sign_in(shown, served, "fay")
    follow(shown.get_by_role("link", name="Second factor"))
    check(shown, *WIDTHS)
    shown.locator("#password").fill(PASSWORD)
    button(shown, "Set up an authenticator app")
    picture = shown.locator("main img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    check(shown, *WIDTHS)
    secret = shown.locator("#secret").inner_text()
    shown.get_by_label("Code").fill(code_of(secret, step=-1))
    button(shown, "Turn the second factor on")
    codes = shown.locator("#codes .pc-code").all_inner_texts()
    assert len(codes) == 10
    check(shown, *WIDTHS)

    other = page()
    sign_in(other, served, "fay")
    check(other, *WIDTHS)
    other.get_by_label("Code").fill(code_of(secret, step=0))
    button(other, "Sign in")
    expect(other.get_by_role("link", name="Account of fay")).to_be_visible()

    third = page(320, scripts=False)
    sign_in(third, served, "fay")
    third.get_by_label("Code").fill(codes[0])
    button(third, "Sign in")
    expect(third.locator("main")).to_contain_text("on, with 9 recovery codes left")

    follow(third.get_by_role("link", name="Second factor"))
    third.locator("#off-password").fill(PASSWORD)
    third.locator("#off-code").fill(codes[1])
    button(third, "Turn the second factor off")
    expect(third.locator(".nhsuk-notification-banner")).to_contain_text("The second factor is turned off")


@pytest.mark.exhaustive
def test_the_other_pages_fit_and_break_no_rule(served: str, page: Open) -> None:
    shown = page(who="ann")
    for path in ("account/", "account/password/", "account/email/", "account/tokens/create/"):
        shown.goto(f"{served}/{path}")
        check(shown, *WIDTHS)
        if path != "account/":
            button(shown, shown.locator("main form button[type=submit]").last.inner_text())
            expect(shown.get_by_role("alert")).to_be_visible()
            check(shown, *WIDTHS)

    stranger = page()
    for path in ("sign-in/", "recover/", "recover/sent/", "recover/password/"):
        stranger.goto(f"{served}/{path}")
        check(stranger, *WIDTHS)
    stranger.get_by_label("Code").fill("1-1")
    button(stranger, "Set the password")
    expect(stranger.get_by_role("alert")).to_contain_text("The code works no longer")
    check(stranger, *WIDTHS)

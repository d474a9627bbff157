"""What a person fills in to sign in and to look after their account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from pcorg.core.accounts import locks, recovery, second_factor, sessions
from pcorg.core.accounts.roles import TokenScope
from pcorg.core.accounts.tokens import LONGEST_LIFE, LONGEST_NAME
from pcorg.core.forms.base import PageForm

LONGEST_SENT = 4096
"""Characters of a password that are looked at when somebody signs in: longer ones were never set."""
WRONG_CODE = (
    "The code is wrong, was used already, or came too soon after a wrong one. Wait until the app shows the next code, "
    "then enter that"
)
NO_SUCH_CODE = "The code works no longer: it was used already, is too old, or is not complete. Get another one"


class PasswordField(forms.CharField):
    """A password, which is never shown again."""

    def __init__(self, label: str, wanted: str, *, autocomplete: str = "new-password", **more: Any) -> None:
        widget = forms.PasswordInput({"autocomplete": autocomplete, "width": "20"})
        super().__init__(label=label, strip=False, widget=widget, error_messages={"required": wanted}, **more)


class CodeInput(forms.TextInput):
    """A code that is good once, so that it is not shown again."""

    render_value = False


CODE = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": False, "width": "10"}
EMAIL = {"autocomplete": "email", "spellcheck": False}
CODE_SHOWN = "The six figures that your authenticator app shows now, or one of your recovery codes."


class SignInForm(PageForm, AuthenticationForm):
    """User name and password."""

    whole = "username"
    error_messages = {
        "invalid_login": "The user name or the password is wrong. Both are read with their capital letters",
        "inactive": "This account is closed. Ask the person who runs this site",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        username, password = self.fields["username"], self.fields["password"]
        username.label = "User name"
        username.widget.attrs |= {"spellcheck": False, "width": "20"}
        username.error_messages["required"] = "Enter your user name"
        password.widget.attrs["width"] = "20"
        password.error_messages |= {
            "required": "Enter your password",
            "max_length": self.error_messages["invalid_login"],
        }
        password.max_length = LONGEST_SENT
        password.validators.append(forms.fields.validators.MaxLengthValidator(LONGEST_SENT))


class CodeForm(PageForm):
    """A code from an authenticator app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        help_text=CODE_SHOWN,
        max_length=40,
        widget=CodeInput(CODE),
        error_messages={"required": "Enter the code"},
    )


class AppCodeForm(PageForm):
    """The first code of a new authenticator app."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=CodeInput({name: CODE[name] for name in CODE if name != "autocapitalize"} | {"inputmode": "numeric"}),
        error_messages={"required": "Enter the code"},
    )


class ConfirmedForm(PageForm):
    """A form that wants to know that it is the person themselves who fills it in: by their password, and by a code
    where they have a second factor. Wrong ones count as failed sign-ins do."""

    password = PasswordField(
        "Your present password",
        "Enter your present password",
        autocomplete="current-password",
        max_length=LONGEST_SENT,
    )
    code = forms.CharField(label="Code", help_text=CODE_SHOWN, required=False, max_length=40, widget=CodeInput(CODE))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User = User.objects.get(username=request.user.get_username())
        self.wants_code = second_factor.app_of(self.user) is not None
        if not self.wants_code:
            del self.fields["code"]

    def clean(self) -> dict[str, Any] | None:
        """The password is checked whatever else is wrong; the code last, for it is good once. Who has shown that it is
        them goes on in a new session: whoever knew the key of the one before is out."""
        found = super().clean()
        password = self.cleaned_data.get("password")
        if password and authenticate(self.request, username=self.user.get_username(), password=password) is None:
            self.add_error("password", "The password is wrong")
        if self.wants_code and not self.cleaned_data.get("code"):
            self.add_error("code", "Enter the code that your authenticator app shows, or a recovery code")
        elif self.wants_code and not self.errors and not self._code_is_right():
            locks.count_failure(self.request, username=self.user.get_username())
            self.add_error("code", WRONG_CODE)
        if not self.errors:
            sessions.renew(self.request, self.user)
        return found

    def _code_is_right(self) -> bool:
        return second_factor.matched(self.user, self.cleaned_data["code"]) is not None


class NewPassword(PageForm):
    """A new password, twice."""

    new_password = PasswordField(
        "New password",
        "Enter a new password",
        help_text="At least 12 characters. Three or four words that do not belong together are easy to keep in mind. "
        "Passwords that many people use or that are easily guessed are refused.",
    )
    again = PasswordField("New password again", "Enter the new password again")

    def owner(self) -> User | None:
        """Whose it becomes; None where nobody is known yet."""
        return None

    def clean_new_password(self) -> str:
        """Raises ValidationError with every rule that the password breaks."""
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self.owner())
        return password

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        first, second = self.cleaned_data.get("new_password"), self.cleaned_data.get("again")
        if first and second and first != second:
            self.add_error("again", ValidationError("The two new passwords are not the same"))
        return found


class ChangePasswordForm(NewPassword, ConfirmedForm):
    """A new password in the place of the present one."""

    field_order = ("password", "code", "new_password", "again")

    def owner(self) -> User | None:
        return self.user

    def clean_new_password(self) -> str:
        password = super().clean_new_password()
        if password == self.data.get("password"):
            raise ValidationError("The new password is the one you have")
        return password


class RecoverForm(NewPassword):
    """A first password, or one in the place of a forgotten one, by a code."""

    code = forms.CharField(
        label="Code",
        help_text="It is good for an hour, once. Copy all of it: where the letter broke it into two lines, take both.",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": False}),
        error_messages={"required": "Enter the code", "max_length": NO_SUCH_CODE},
    )
    field_order = ("code", "new_password", "again")
    whose: User | None = None

    def owner(self) -> User | None:
        return self.whose

    def clean_code(self) -> str:
        """Finds whose it is. Raises ValidationError for a code that opens no account."""
        code: str = self.cleaned_data["code"]
        self.whose = recovery.whose(code)
        if self.whose is None:
            raise ValidationError(NO_SUCH_CODE)
        return code


class EmailForm(ConfirmedForm):
    """The address that a password is recovered by."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="Leave it empty to have none.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(EMAIL),
        error_messages={"invalid": "Enter an e-mail address like name@example.org, or leave it empty"},
    )
    field_order = ("email", "password", "code")


class AskForm(PageForm):
    """The address of somebody who has forgotten their password."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(EMAIL),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )


class TokenForm(ConfirmedForm):
    """What a new token is called, may do, and how long it works."""

    name = forms.CharField(
        label="What is it for?",
        help_text="A name that tells it from your other tokens, such as the program that will use it.",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter a name for the token, such as the program that will use it",
            "max_length": f"A name has at most {LONGEST_NAME} characters",
        },
    )
    scope = forms.ChoiceField(
        label="What may it do?",
        choices=TokenScope.choices(),
        widget=forms.RadioSelect({"large": True}),
        error_messages={
            "required": "Choose what the token may do",
            "invalid_choice": "Choose what the token may do, from those listed",
        },
    )
    days = forms.IntegerField(
        label="How many days should it work?",
        help_text=f"From 1 to {LONGEST_LIFE.days}. The shorter, the safer if it is lost.",
        widget=forms.TextInput({"inputmode": "numeric", "width": "4", "suffix": "days"}),
        min_value=1,
        max_value=LONGEST_LIFE.days,
        initial=90,
        error_messages={
            "required": "Enter how many days the token should work",
            "invalid": "Enter a whole number of days, like 90",
            "min_value": "A token works for at least 1 day",
            "max_value": f"A token works for at most {LONGEST_LIFE.days} days",
        },
    )
    field_order = ("name", "scope", "days", "password", "code")

    @property
    def life(self) -> timedelta:
        """The days of a valid form as a length of time."""
        return timedelta(days=self.cleaned_data["days"])

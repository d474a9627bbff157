"""What a person fills in to sign in and to look after their account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest

from pcorg.core.accounts import locks, recovery, second_factor, sessions
from pcorg.core.accounts.roles import TokenScope
from pcorg.core.accounts.tokens import LONGEST_LIFE, LONGEST_NAME

LONGEST_SENT = 4096
"""Characters of a password that are looked at when somebody signs in: longer ones were never set."""
WRONG_CODE = (
    "The code is wrong, was used already, or came too soon after a wrong one. Wait until the app shows the next code, "
    "then enter that"
)
NO_SUCH_CODE = "The code works no longer: it was used already, is too old, or is not complete. Get another one"


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": "The user name or the password is wrong. Both are read with their capital letters",
        "inactive": "This account is closed. Ask the person who runs this site",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Enter your user name"
        password = self.fields["password"]
        password.error_messages |= {
            "required": "Enter your password",
            "max_length": self.error_messages["invalid_login"],
        }
        password.max_length = LONGEST_SENT
        password.validators.append(forms.fields.validators.MaxLengthValidator(LONGEST_SENT))


class CodeForm(forms.Form):
    """A code from an authenticator app, or a recovery code."""

    code = forms.CharField(max_length=40, error_messages={"required": "Enter the code"})


class ConfirmedForm(forms.Form):
    """A form that wants to know that it is the person themselves who fills it in: by their password, and by a code
    where they have a second factor. Wrong ones count as failed sign-ins do."""

    password = forms.CharField(
        strip=False, max_length=LONGEST_SENT, error_messages={"required": "Enter your present password"}
    )
    code = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User = User.objects.get(username=request.user.get_username())
        self.wants_code = second_factor.app_of(self.user) is not None

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


class NewPassword(forms.Form):
    """A new password, twice."""

    new_password = forms.CharField(strip=False, error_messages={"required": "Enter a new password"})
    again = forms.CharField(strip=False, error_messages={"required": "Enter the new password again"})

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

    code = forms.CharField(max_length=200, error_messages={"required": "Enter the code", "max_length": NO_SUCH_CODE})
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
        required=False,
        max_length=254,
        error_messages={"invalid": "Enter an e-mail address like name@example.org, or leave it empty"},
    )
    field_order = ("email", "password", "code")


class AskForm(forms.Form):
    """The address of somebody who has forgotten their password."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )


class TokenForm(ConfirmedForm):
    """What a new token is called, may do, and how long it works."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter a name for the token, such as the program that will use it",
            "max_length": f"A name has at most {LONGEST_NAME} characters",
        },
    )
    scope = forms.ChoiceField(
        choices=TokenScope.choices(),
        error_messages={
            "required": "Choose what the token may do",
            "invalid_choice": "Choose what the token may do, from those listed",
        },
    )
    days = forms.IntegerField(
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


def summary(form: forms.Form) -> list[dict[str, str]]:
    """Every error of a form for the error summary, each with a link to its field; those of the whole form
    point to the first field."""
    first = next(iter(form.fields))
    return [
        {"text": str(message), "href": f"#{first if field == NON_FIELD_ERRORS else field}"}
        for field, messages in form.errors.items()
        for message in messages
    ]

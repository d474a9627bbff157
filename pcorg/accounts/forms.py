"""What a person fills in to sign in and to make a token."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import NON_FIELD_ERRORS
from knox.settings import knox_settings

from pcorg.accounts.actions import LONGEST_LIFE


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": "The user name or the password is wrong. Both are read with their capital letters",
        "inactive": "This account is closed. Ask the person who runs this site",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Enter your user name"
        self.fields["password"].error_messages["required"] = "Enter your password"


class TokenForm(forms.Form):
    """How long a new token works."""

    days = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_LIFE.days,
        initial=knox_settings.TOKEN_TTL.days,
        error_messages={
            "required": "Enter how many days the token should work",
            "invalid": "Enter a whole number of days, like 90",
            "min_value": "A token works for at least 1 day",
            "max_value": f"A token works for at most {LONGEST_LIFE.days} days",
        },
    )

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

"""Passwords that are easily guessed: what zxcvbn reckons, and words that everybody who guesses here tries first."""

from __future__ import annotations

import re
from threading import Lock

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

FEWEST = 10**9
"""Guesses that a password must be reckoned to withstand. Guessing at the sign-in page is locked long before that."""
READ = 72
"""Characters that zxcvbn reads. What stands after them can only be harder to guess."""
FIELD = (
    "pcorg", "primary", "care", "trust", "group", "groups", "board", "health", "authority", "area", "team", "local",
    "integrated", "partnership", "network", "practice", "hospital", "foundation", "commissioning", "commissioner",
    "commissioners", "clinical", "clinician", "approver", "administrator", "admin", "superuser", "cluster", "merger",
    "provider", "provider arm", "community", "services", "service", "medical", "doctor", "surgery", "patient", "nhs",
    "england", "ccg", "pct", "pcg", "icb", "sub-icb", "sha", "gp", "password", "secret", "welcome", "letmein",
)  # fmt: skip
"""Words of the product, of its field and of signing in (docs/operations.md lists them)."""
_ONE_AT_A_TIME = Lock()
_BETWEEN = re.compile(r"[\W_]+")


class GuessableValidator:
    """Refuses a password that is guessed in fewer than `FEWEST` tries by somebody who knows the person's names and the
    words of the field. Those words count for nothing: what is left without them must withstand the guesses."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        barred = barred_words()
        guessable = [*barred, *names_of(user)]
        if min(guesses(password, guessable), guesses(without(password, barred), guessable)) < FEWEST:
            raise ValidationError(
                "This password is easily guessed. Use more words that do not belong together, and not only names, "
                "dates, figures in a row or words of this site",
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """The rule, for people."""
        return "Your password is not easily guessed: words of this site and your own names do not count."


def barred_words() -> list[str]:
    """The words that count for nothing, the longest first: those of the field, and the site's own."""
    return sorted(
        {*FIELD, *(word.lower() for word in settings.PCORG_PASSWORD_WORDS)}, key=lambda word: (-len(word), word)
    )


def names_of(user: User | None) -> list[str]:
    """Return what an attacker may know of a person: their names and the parts of their address."""
    if user is None:
        return []
    known = (user.get_username(), user.first_name, user.last_name, user.email)
    return [name for text in known if text for name in {text, *_BETWEEN.split(text)} if name]


def without(password: str, words: list[str]) -> str:
    """A password without certain words, whatever their capitals, and without what stands between words where one was
    left out. Short words are left out where they stand alone."""
    left = password.lower()
    for word in words:
        pattern = re.escape(word) if len(word) > 3 else rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])"
        left = re.sub(pattern, " ", left)
    return password if left == password.lower() else _BETWEEN.sub(" ", left).strip()


def guesses(password: str, guessable: list[str]) -> float:
    """How many guesses find a password, by zxcvbn; 0 for none. It keeps what is known in one place for all threads."""
    if not password:
        return 0.0
    with _ONE_AT_A_TIME:
        return float(zxcvbn(password[:READ], user_inputs=guessable)["guesses"])

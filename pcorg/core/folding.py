"""How names and titles are compared: capitals, accents, ligatures and kinds of apostrophe and dash make no difference.

The database does the same (`pcorg.core.words`): a test holds both to one list of names.
"""

from __future__ import annotations

import unicodedata

SINGLE = str.maketrans("øđłħıðŋς’‘ʼ‐‑–—\u00a0", "odlhidnσ'''---- ")
"""Letters and marks that stand for one plain character, once letters are small and without accents."""
SEVERAL = {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
"""Letters that stand for two."""
MARKS = ("\u0300", "\u036f")
"""The first and last of the accents that a letter can be taken apart into."""


def fold(text: str) -> str:
    """A text as it is compared and sorted: small letters without accents."""
    if text.isascii():
        return text.lower()
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not MARKS[0] <= letter <= MARKS[1])
    small = plain.lower().translate(SINGLE)
    for letter, letters in SEVERAL.items():
        small = small.replace(letter, letters)
    return small

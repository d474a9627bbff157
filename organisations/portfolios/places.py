"""How large and how deep a document may be, whatever it is written in."""

from __future__ import annotations

DEEPEST = 20
"""Levels of nesting at most."""

HOPELESS = 5 * DEEPEST
"""Levels beyond which the rest of a document is not even looked at."""

LONGEST_NAME = 200
"""Characters of the name of a field."""

LONGEST_TEXT = 100_000
"""Characters of one value; what a record holds is far shorter."""

TOO_DEEP = f"Nested more than {DEEPEST} levels deep."
TOO_LONG = f"A single value has at most {LONGEST_TEXT:,} characters."
TOO_LONG_NAME = f"The name of a field has at most {LONGEST_NAME} characters."

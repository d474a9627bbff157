"""PostgreSQL folds names as `pcorg.core.names.fold` does: SQLite calls that function itself."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import migrations

CAPITALS = "".join(
    letter
    for letter in map(chr, range(0x80, 0x530))
    if letter.isupper() and len(letter.lower()) == 1 and unicodedata.normalize("NFD", letter) == letter
)
"""Capitals whose small letter PostgreSQL may not know, whatever its language: Latin, Greek, Cyrillic."""
SINGLE = ("øđłħıðŋς’‘ʼ‐‑–—\u00a0", "odlhidnσ''''''---- ")
FOLD = f"""
CREATE OR REPLACE FUNCTION pcorg_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(given) = length(given) THEN lower(given COLLATE "C") ELSE
        replace(replace(replace(replace(translate(lower(translate(
            regexp_replace(normalize(given, NFD), '[\u0300-\u036f]', '', 'g'), '{CAPITALS}', '{CAPITALS.lower()}'
        ) COLLATE "C"), '{SINGLE[0]}', '{SINGLE[1]}'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'þ', 'th')
    END
$$
"""


def give(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FOLD)


def take(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION pcorg_fold(text)")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0012_edges_take_people_back")]

    operations = [migrations.RunPython(give, take)]

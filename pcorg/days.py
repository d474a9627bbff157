"""Days as machines write them: `2009-04-01` and nothing else."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_of(text: str) -> date:
    """The day a text names. Raises ValueError, with a sentence for the reader, where it names none."""
    if not _WRITTEN.fullmatch(text):
        raise ValueError("Write a date as year, month and day: 2009-04-01.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"There is no day {text}.") from None


class IsoDateField(forms.DateField):
    """A day of a query or form, written as `2009-04-01`."""

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return day_of(str(value).strip())
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from fault

"""Forms whose values a spec reads and checks.

The fields take whatever is sent: they say label, hint, control and choices. What the spec or the service finds wrong is
put on the fields by the pointers of the problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self, cast

from django import forms

from pcorg.core.forms.base import PageForm
from pcorg.core.forms.rows import row_count
from pcorg.core.values import steps_of

Pairs = Iterable[tuple[str, str]]
"""Choices by value and label."""


class StatedField(forms.Field):
    """A field that takes any text. `sent_as` is the name of its input, where that is another than its own. This one has
    no control: where a page needs it, the page draws it."""

    widget: type[forms.Widget] = forms.HiddenInput

    def __init__(self, label: str = "", *, hint: str = "", sent_as: str = "", **more: Any) -> None:
        super().__init__(label=label, help_text=hint, required=False, **more)
        self.sent_as = sent_as

    def prepare_value(self, value: Any) -> Any:
        """The text without space around it, as the page shows it and a spec reads it."""
        return "" if value is None else str(value).replace("\r\n", "\n").replace("\x00", "").strip()

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was sent; the initial value of a field that was not."""
        return initial if data is None else data

    def clean(self, value: Any) -> Any:
        """What was sent, whatever it is."""
        return self.prepare_value(value)


class LineField(StatedField):
    """A line of text with at most so many letters (`longest`). `width` is the number of letters it is drawn for,
    `suffix` its unit."""

    widget: type[forms.Widget] = forms.TextInput
    inputmode = ""

    def __init__(
        self, label: str = "", *, width: str = "", suffix: str = "", longest: int | None = 200, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.longest = longest
        self.widget.attrs |= {"autocomplete": "off", "inputmode": self.inputmode, "width": width, "suffix": suffix}


class NumberField(LineField):
    """A number, typed as text."""

    inputmode = "decimal"


class DayField(LineField):
    """A day."""

    widget = forms.DateInput

    def __init__(self, label: str = "", **more: Any) -> None:
        super().__init__(label, longest=None, **more)


class ProseField(StatedField):
    """Text of several lines, drawn with so many `rows`."""

    def __init__(self, label: str = "", *, rows: int = 3, **more: Any) -> None:
        super().__init__(label, widget=forms.Textarea({"rows": rows}), **more)


class LinesField(ProseField):
    """Several texts, one to a line, such as names."""

    def prepare_value(self, value: Any) -> str:
        """The texts as the page shows them."""
        return str(super().prepare_value("\n".join(value) if isinstance(value, list) else value))

    def clean(self, value: Any) -> list[str]:
        """The texts; empty lines are left out."""
        return [text for line in self.prepare_value(value).splitlines() if (text := line.strip())]


class CollaboratorsField(LinesField):
    """The user names of those who work on something beside its owner; the hint says what they may do."""

    def __init__(self, *, hint: str) -> None:
        super().__init__("Who works on it with you: user names, one to a line", hint=hint)


class TicksField(StatedField):
    """The values that are ticked, among those that the page draws itself; `at` is the id of what holds them."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, at: str, **more: Any) -> None:
        super().__init__(**more)
        self.widget.attrs["id"] = at

    def prepare_value(self, value: Any) -> list[str]:
        """The values."""
        return list(value or [])


class SelectField(StatedField, forms.ChoiceField):
    """One of several values in a list; `empty` is what stands for none, where none may be chosen."""

    widget: type[forms.Widget] = forms.Select

    def __init__(self, label: str = "", choices: Pairs = (), *, empty: str = "", **more: Any) -> None:
        super().__init__(label, choices=list(choices), **more)
        self.empty = empty


class RadiosField(SelectField):
    """One of several values side by side, each with a word of explanation where `hints` has one."""

    widget = forms.RadioSelect

    def __init__(
        self, label: str = "", choices: Pairs = (), *, hints: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(label, choices, **more)
        self.hints = hints or {}


class TickField(forms.BooleanField):
    """Yes or no, by a tick."""

    def __init__(self, label: str = "", **more: Any) -> None:
        super().__init__(label=label, required=False, **more)


class StatedForm(PageForm):
    """A form whose values a spec checks. `choices` are those that depend on what is recorded, by field."""

    def __init__(self, *args: Any, choices: Mapping[str, Pairs] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, pairs in (choices or {}).items():
            self.offer(name, pairs)

    def offer(self, name: str, pairs: Pairs) -> None:
        """Add choices to a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*cast("Pairs", field.choices), *pairs]

    @classmethod
    def rows(
        cls,
        data: Mapping[str, Any] | None,
        prefix: str,
        *,
        initial: Sequence[Mapping[str, Any]] = (),
        spare: int = 0,
        **kwargs: Any,
    ) -> list[Self]:
        """The rows of a list: those that were sent or, where nothing was, the initial ones and so many spare ones."""
        number = len(initial) + spare if data is None else row_count(data, prefix)
        return [
            cls(data, prefix=f"{prefix}-{row}", initial=initial[row] if row < len(initial) else None, **kwargs)
            for row in range(number)
        ]

    @property
    def stated(self) -> dict[str, Any]:
        """The fields that are filled in, as a spec reads them."""
        return {name: value for name, value in self.sent.items() if value != ""}

    @property
    def sent(self) -> dict[str, Any]:
        """All fields, also the empty ones."""
        return {field.name: field.field.clean(field.data) for field in self}

    def add_problems(self, problems: Iterable[tuple[str, str]]) -> None:
        """Put what was found wrong on the fields: pointers into what was stated, each with a message."""
        for pointer, message in problems:
            form, name = self.field_of(*steps_of(pointer))
            form.add_error(name if name in form.fields else None, message)

    def field_of(self, *steps: str | int) -> tuple[forms.Form, str]:
        """The form and the field that a place in what was stated comes from; the whole form for no field."""
        return self, str(steps[0]) if steps else ""

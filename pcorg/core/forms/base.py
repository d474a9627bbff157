"""Forms of pages, drawn by the design system.

A page draws a whole form with `{{ form }}` and one field with `{{ form.title.as_field_group() }}`; the templates are
`components/form` and `components/field`. The name of an input is also its id, so that an error summary leads to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest


class DesignSystem(TemplatesSetting):
    """Draws forms and fields with the components of the design system."""

    form_template_name = "components/form/template.jinja"
    field_template_name = "components/field/template.jinja"


class PageForm(forms.Form):
    """A form of a page. One that is made of others, such as rows, names them as its `subforms`. `input_name` says how
    the inputs of a form with a prefix are named, `whole` is the id that errors of the whole form lead to."""

    default_renderer = DesignSystem
    whole: ClassVar[str] = ""
    input_name: ClassVar[str] = "{prefix}-{name}"
    subforms: Sequence[PageForm] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s"} | kwargs)

    @classmethod
    def of(cls, request: HttpRequest, **kwargs: Any) -> Self:
        """The form with what a request posts; with its initial values where nothing is posted."""
        return cls(request.POST if request.method == "POST" else None, **kwargs)

    def add_prefix(self, field_name: str) -> str:
        """The name of an input."""
        name = getattr(self.fields.get(field_name), "sent_as", "") or field_name
        return self.input_name.format(prefix=self.prefix, name=name) if self.prefix else name

    def get_context(self) -> dict[str, Any]:
        """What the template of a form draws from."""
        return {"form": self}

    @property
    def summary(self) -> list[dict[str, str]]:
        """The error summary in the order of the page; each error leads to its field."""
        places = [(self.non_field_errors(), self.whole)]
        places += [(field.errors, field.field.widget.attrs.get("id") or field.auto_id) for field in self]
        own = summary_of((place, str(message)) for errors, place in places for message in errors)
        return own + [entry for form in self.subforms for entry in form.summary]


def summary_of(errors: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """An error summary from pairs of id and message; each message leads to its place, where it has one."""
    return [{"text": message, "href": f"#{place}"} if place else {"text": message} for place, message in errors]

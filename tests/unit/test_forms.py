"""Forms of pages: drawn by the design system, named as they are sent, with every problem by its field."""

from __future__ import annotations

from bs4 import BeautifulSoup
from django import forms
from django.http import QueryDict

from pcorg.core.forms.base import PageForm
from pcorg.core.forms.rows import MOST_ROWS, row_count, without_row
from pcorg.core.forms.stated import (
    DayField,
    LineField,
    NumberField,
    ProseField,
    RadiosField,
    SelectField,
    StatedForm,
    TickField,
)


class Row(StatedForm):
    text = LineField("What")
    targets = SelectField("For which", sent_as="for", empty="All")


class Plan(StatedForm):
    title = LineField("Title <b>", hint="In a line", longest=40)
    on = DayField("From")
    cost = NumberField("Cost", width="4", suffix="pounds")
    why = ProseField("Why", rows=2)
    way = RadiosField("Way", [("a", "One"), ("b", "Another")], hints={"b": "Slower"})
    sure = TickField("I am sure")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.subforms = Row.rows(self.data or None, "steps", choices={"targets": [("x", "X")]}, spare=1)

    def field_of(self, *steps: str | int) -> tuple[forms.Form, str]:
        match steps:
            case ("steps", int(place), str(name)):
                return self.subforms[place], name
        return super().field_of(*steps)


def drawn(form: PageForm) -> BeautifulSoup:
    return BeautifulSoup(str(form), "html.parser")


def test_fields_are_drawn_with_what_they_say() -> None:
    page = drawn(Plan(initial={"title": "A <plan>", "way": "b", "sure": True}))
    title = page.select_one("input#title[name=title][maxlength='40'][aria-describedby=title-hint]")
    assert title is not None
    assert title["value"] == "A <plan>"
    assert page.select_one("label[for=title]").get_text(strip=True) == "Title <b>"  # type: ignore[union-attr]
    assert page.select_one("input#on[type=date]:not([maxlength])")
    assert page.select_one("input#cost.nhsuk-input--width-4[inputmode=decimal]")
    assert page.select_one(".nhsuk-input-wrapper__suffix").get_text(strip=True) == "pounds"  # type: ignore[union-attr]
    assert page.select_one("textarea#why[rows='2']")
    assert [each["value"] for each in page.select("input[name=way][checked]")] == ["b"]
    assert page.select_one(".nhsuk-radios__hint").get_text(strip=True) == "Slower"  # type: ignore[union-attr]
    assert page.select_one("input#sure[type=checkbox][checked]")


def test_what_was_sent_is_read_and_shown_again() -> None:
    form = Plan(QueryDict("title=+A+&why=x%0D%0Ay%00&cost=many&way=nonsense"))
    assert form.stated == {"title": "A", "why": "x\ny", "cost": "many", "way": "nonsense", "sure": False}
    assert drawn(form).select_one("#cost")["value"] == "many"  # type: ignore[index]
    assert Plan(QueryDict("title="), initial={"title": "Old", "on": "2009-01-01"})["on"].value() == "2009-01-01"
    assert Plan(QueryDict("title="), initial={"title": "Old"})["title"].value() == ""


def test_problems_stand_at_their_fields_and_in_the_order_of_the_page() -> None:
    form = Plan(QueryDict("title=A&steps-0-text=B&steps-1-for=x"))
    problems = [
        ("/steps/1/targets", "No X"),
        ("/why", "Say why"),
        ("", "Not now"),
        ("/title", "Too short"),
        ("/z", "Z"),
    ]
    form.add_problems(problems)
    places = [(entry.get("href"), entry["text"]) for entry in form.summary]
    assert places == [
        (None, "Not now"),
        (None, "Z"),
        ("#title", "Too short"),
        ("#why", "Say why"),
        ("#steps-1-for", "No X"),
    ]
    assert "Too short" in drawn(form).select_one("#title-error").get_text()  # type: ignore[union-attr]
    row = drawn(form.subforms[1])
    assert [(each["value"], each.has_attr("selected")) for each in row.select("#steps-1-for option")] == [
        ("", False),
        ("x", True),
    ]


def test_rows_are_those_sent_or_the_initial_ones_with_a_spare_one() -> None:
    assert [form.prefix for form in Plan().subforms] == ["steps-0"]
    assert [row["text"].value() for row in Row.rows(None, "steps", initial=[{"text": "A"}], spare=1)] == ["A", ""]
    sent = Row.rows({"steps-0-text": "A", "steps-2-text": "C"}, "steps", initial=[{"text": "old"}], spare=1)
    assert [row["text"].value() for row in sent] == ["A", "", "C"]


def test_the_names_of_inputs_may_end_with_what_they_are_about() -> None:
    class Reason(StatedForm):
        input_name = "{name}-{prefix}"
        reason = LineField("Why")

    assert Reason({"reason-merger": "x"}, prefix="merger").stated == {"reason": "x"}


def test_rows_are_counted_by_the_highest_number() -> None:
    names = ["body-0", "body-3-name", "bodywork-9", "body-x"]
    assert row_count(names, "body") == 4
    assert row_count(names, "nothing") == 0
    assert row_count(["body-9999"], "body") == MOST_ROWS
    assert row_count(["body-99999"], "body") == 0


def test_a_row_taken_away_lets_those_after_it_move_up() -> None:
    rows = {"body-0": "A", "body-1": "B", "body-1-name": "b", "body-2": "C", "body-2-name": "c", "other-1": "x"}
    assert without_row(rows, "body", 1) == {"body-0": "A", "body-1": "C", "body-1-name": "c", "other-1": "x"}


def test_a_list_within_a_row_moves_with_it() -> None:
    rows = {"body-0-in-0": "A", "body-1-in-0": "B", "body-1-in-1": "C"}
    assert without_row(rows, "body", 0) == {"body-0-in-0": "B", "body-0-in-1": "C"}

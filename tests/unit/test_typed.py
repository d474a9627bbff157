"""What was typed into a form with rows: rows are counted, added and taken away without losing anything."""

from __future__ import annotations

from django.http import QueryDict

from pcorg.core.forms.typed import MOST_ROWS, Typed


def typed(**values: str) -> Typed:
    return Typed({name.replace("__", "-"): text for name, text in values.items()})


def test_the_last_value_of_a_field_counts_and_lines_end_one_way() -> None:
    read = Typed.of(QueryDict("a=1&a=2&b=x%0D%0Ay&c=%00z"))
    assert (read["a"], read["b"], read["c"], read["absent"]) == ("2", "x\ny", "z", "")


def test_rows_are_counted_by_the_highest_number() -> None:
    rows = typed(body__0="A", body__3__name="D", bodywork__9="x", body__x="y")
    assert rows.rows("body") == 4
    assert rows.rows("nothing") == 0
    assert typed(body__9999="A").rows("body") == MOST_ROWS
    assert typed(body__99999="A").rows("body") == 0


def test_a_row_taken_away_lets_those_after_it_move_up() -> None:
    rows = typed(body__0="A", body__1="B", body__1__name="b", body__2="C", body__2__name="c", other__1="x")
    assert dict(rows.without_row("body", 1)) == {"body-0": "A", "body-1": "C", "body-1-name": "c", "other-1": "x"}


def test_a_list_within_a_row_moves_with_it() -> None:
    rows = typed(body__0__in__0="A", body__1__in__0="B", body__1__in__1="C")
    assert dict(rows.without_row("body", 0)) == {"body-0-in-0": "B", "body-0-in-1": "C"}


def test_filled_means_more_than_space() -> None:
    rows = typed(body__0__name=" ", other__0="x")
    assert not rows.filled("body")
    assert rows.filled("other")

"""What was typed into a form with rows."""

from __future__ import annotations

from django.http import QueryDict

from pcorg.core.forms.typed import Typed


def typed(**values: str) -> Typed:
    return Typed({name.replace("__", "-"): text for name, text in values.items()})


def test_the_last_value_of_a_field_counts_and_lines_end_one_way() -> None:
    read = Typed.of(QueryDict("a=1&a=2&b=x%0D%0Ay&c=%00z"))
    assert (read["a"], read["b"], read["c"], read["absent"]) == ("2", "x\ny", "z", "")


def test_filled_means_more_than_space() -> None:
    rows = typed(body__0__name=" ", other__0="x")
    assert not rows.filled("body")
    assert rows.filled("other")

"""The command that prints the configuration of a day."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("configuration", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_a_table() -> None:
    told = printed("2009-04-01")
    assert "1 April 2009" in told
    assert "147" in told
    assert "Care trusts" in told


def test_it_says_when_the_day_is_not_covered() -> None:
    assert "outside what is loaded" in printed("1950-01-01")


def test_it_takes_a_portfolio() -> None:
    assert "General practices" in printed("2005-04-01", "--portfolio", "illustrative-county")


@pytest.mark.parametrize("arguments", [("2009-13-01",), ("2009-04-01", "--portfolio", "wales")])
def test_it_refuses_what_is_not_there(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        printed(*arguments)

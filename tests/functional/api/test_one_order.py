"""Names and codes are sorted and found alike by the API, its files and the pages, on whichever database the tests run:
every expectation here is one list for all of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db.models import Value
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organisations.models import Form, Organisation
from pcorg.core.names import Folded, fold
from tests.factories import rows as make
from tests.functional.api.conftest import Get

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]

NAMES = [
    ("X-N07", "5 Boroughs"),
    ("X-N11", "_Underscore"),
    ("X-N06", "100% Care"),
    ("X-N02", "angel"),
    ("X-N01", "Ängel Trust"),
    ("X-N12", "Æthelred House"),
    ("X-N03", "Émile Care"),
    ("X-N04", "Zürich"),
    ("x-n05", "zurich"),
    ("X-N08", "Ελλάδα"),
    ("X-N09", "O’Neill Court"),
    ("X-N10", "O'Neill Court"),
]
IN_ORDER = [
    "X-N06", "X-N07", "X-N11", "X-N12", "X-N02", "X-N01", "X-N03", "X-N09", "X-N10", "X-N04", "x-n05", "X-N08",
]  # fmt: skip
BACKWARDS = [
    "X-N08", "X-N04", "x-n05", "X-N09", "X-N10", "X-N03", "X-N01", "X-N02", "X-N12", "X-N11", "X-N07", "X-N06",
]  # fmt: skip
FOUND = {
    "angel": {"X-N01", "X-N02"},
    "ÄNGEL": {"X-N01", "X-N02"},
    "zürich": {"X-N04", "x-n05"},
    "emile": {"X-N03"},
    "o'neill": {"X-N09", "X-N10"},
    "aethel": {"X-N12"},
    "ελλαδα": {"X-N08"},
    "100%": {"X-N06"},
    "%": {"X-N06"},
    "_": {"X-N11"},
    "x-n0": {f"X-N0{number}" for number in range(1, 10) if number != 5} | {"x-n05"},
}


@pytest.fixture
def county(db: None) -> str:
    """A portfolio with names that are easy to sort wrongly."""
    portfolio = make.portfolio()
    for code, name in NAMES:
        body = make.organisation(code, portfolio=portfolio)
        make.form_period(body, form=Form.objects.get(pk="pct-4"))
        make.name_period(body, name=name)
    return str(portfolio.slug)


def test_the_order_of_names_is_one(read: Read, get: Get, client: Client, county: str) -> None:
    listed = read("organisations/", portfolio=county, ordering="name")["results"]
    assert [row["code"] for row in listed] == IN_ORDER
    backwards = read("organisations/", portfolio=county, ordering="-name")["results"]
    assert [row["code"] for row in backwards] == BACKWARDS
    streamed = get("organisations/", portfolio=county, ordering="name", format="csv")
    text = b"".join(streamed.streaming_content).decode()
    assert [row["code"] for row in csv.DictReader(io.StringIO(text))] == IN_ORDER
    page = BeautifulSoup(client.get("/organisations/", {"portfolio": county}).content, "html.parser")
    shown = [link["href"].split("/")[2] for link in page.select("main tbody a[href^='/organisations/']")]
    assert [code for code in shown if code in dict(NAMES)] == IN_ORDER


def test_pages_of_the_list_follow_the_same_order(read: Read, api: Any, county: str) -> None:
    page = read("organisations/", portfolio=county, ordering="name", page_size=5)
    codes = [row["code"] for row in page["results"]]
    while page["next"]:
        page = api.get(page["next"]).json()
        codes += [row["code"] for row in page["results"]]
    assert codes == IN_ORDER


def test_the_order_of_codes_is_that_of_their_bytes(read: Read, county: str) -> None:
    codes = [row["code"] for row in read("organisations/", portfolio=county)["results"]]
    assert codes == sorted(dict(NAMES))
    assert codes[-1] == "x-n05"


@pytest.mark.parametrize("words", FOUND)
def test_words_are_found_whatever_their_case_and_accents(read: Read, county: str, words: str) -> None:
    assert {row["code"] for row in read("organisations/", portfolio=county, q=words)["results"]} == FOUND[words]
    named = {row["code"] for row in read("organisations/", portfolio=county, name=words)["results"]}
    assert named == (FOUND[words] if words != "x-n0" else set())


@given(text=st.text(st.characters(max_codepoint=0x52F, exclude_characters="\x00"), max_size=30))
def test_the_database_folds_as_python_does(text: str) -> None:
    folded = Organisation.objects.annotate(folded=Folded(Value(text))).values_list("folded", flat=True)[:1]
    assert list(folded) == [fold(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("King’s Fund", "king's fund"),
        ("ÅRE–ØST", "are-ost"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ŒUVRE ÞÓR", "oeuvre thor"),
        ("e\u0301", "e"),
        ("", ""),
    ],
)
def test_what_makes_no_difference(text: str, wanted: str) -> None:
    assert fold(text) == wanted
    assert fold(fold(text)) == fold(text)

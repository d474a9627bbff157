"""A form filled in and sent as a browser without scripts would: every field goes along with the button pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client


def words(part: Tag | None) -> str:
    """The text of a part of a page, with single spaces."""
    return " ".join(part.get_text(" ").split()) if part else ""


class Sheet:
    """A page with a form, as it was last answered."""

    def __init__(self, client: Client, path: str, form: str = "main form[method=post]") -> None:
        self.client, self.form_at = client, form
        self._take(client.get(path))

    def _take(self, answer: Any) -> None:
        self.answer = answer
        self.page = BeautifulSoup(answer.content, "html.parser")

    @property
    def form(self) -> Tag:
        found = self.page.select_one(self.form_at)
        assert found is not None, words(self.page.select_one("main"))
        return found

    @property
    def values(self) -> dict[str, str]:
        """What the fields hold."""
        held: dict[str, str] = {}
        for field in self.form.select("input[name], select[name], textarea[name]"):
            kind = field.get("type", "text")
            if field.name == "select":
                chosen = field.select_one("option[selected]") or field.select_one("option")
                held[field["name"]] = chosen["value"] if chosen else ""
            elif field.name == "textarea":
                held[field["name"]] = field.get_text().removeprefix("\n")
            elif kind not in {"radio", "checkbox"} or field.has_attr("checked"):
                held[field["name"]] = field.get("value", "")
        return held

    def press(self, button: str, value: str = "yes", **fields: str) -> Sheet:
        """Fill in fields (written with double underscores for hyphens) and press a button. Fields must be there."""
        typed = {name.replace("__", "-"): text for name, text in fields.items()}
        names = {field["name"] for field in self.form.select("[name]")}
        assert set(typed) <= names, f"no field {sorted(set(typed) - names)}"
        assert self.form.select(f'button[name="{button}"][value="{value}"]'), f"no button {button}={value}"
        path = self.form["action"]
        self._take(self.client.post(path, self.values | typed | {button: value}))
        return self

    def choices(self, name: str) -> list[str]:
        """The values a select or a set of radio buttons offers."""
        return [
            option["value"]
            for option in self.form.select(f'select[name="{name}"] option, input[type=radio][name="{name}"]')
        ]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The error summary: where each error leads and what it says."""
        return [(link["href"], words(link)) for link in self.page.select(".nhsuk-error-summary a")]

    def finding(self, check: str) -> dict[str, str]:
        """What a check found, as the page shows it: outcome, words, source; empty where it found nothing."""
        row = self.page.select_one(f'tr[data-check="{check}"]')
        if row is None:
            return {}
        outcome, source = row.select_one("th .nhsuk-tag"), row.select_one(".pc-findings__source")
        return {"outcome": words(outcome), "said": words(row.td), "source": words(source)}


COUNTY = {"portfolio": "illustrative-county"}
AUTUMN = "2000-11-01"
"""A day on which the invented county has groups of both levels, a trust and pilots."""
BOARD = ("gp", "nurse", "social-services", "lay", "local-authority", "chief-executive")
CCG = "clinical-commissioning-group"


def county(sheet: Callable[..., Sheet], kind: str, *codes: str, on: str = AUTUMN) -> Sheet:
    """The form of a kind with bodies of the invented county."""
    named = {f"originals__{row}": code for row, code in enumerate(codes)}
    return sheet(kind, effective_on=on, **COUNTY, **named)


def seated(row: int = 0) -> dict[str, str]:
    """A whole board for a new body."""
    return {f"resulting__{row}__board__{seat.replace('-', '__')}": "2" for seat in BOARD}


def named(code: str, form: str = "", row: int = 0) -> dict[str, str]:
    """Code, name and form of a new body."""
    told = {f"resulting__{row}__code": code, f"resulting__{row}__name": f"Body {code}"}
    return told | ({f"resulting__{row}__form": form} if form else {})


def newcastle(sheet: Callable[..., Sheet], **more: str) -> Sheet:
    """Three groups of 2015 that may join: a preview that nothing blocks."""
    page = sheet("merger", effective_on="2015-03-01", originals__0="00F", originals__1="00G")
    page.press("add", "originals")
    return page.press("preview", originals__2="00H", **named("13T", CCG), **more)

"""Presses the product's own forms with junk in their fields, and follows its own links with junk behind them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag

from tests.fuzz.served import PASSWORD
from tests.nasty import VALUES

START = ("/", "/organisations/", "/changes/", "/changes/propose/", "/assessments/", "/load/", "/account/", "/admin/")
JUNK = (
    *VALUES,
    "1425168000",
    "false",
    "٢٠٠٩",
    "1" + "0" * 400,
    "<script>alert(1)</script>",
    "{{7*7}}",
    "=1+1",
    "\ud800",
)
LONG = 400
"""Addresses that wait to be visited; of more, some are picked."""
OUT = ("sign-out", "logout")


@dataclass
class Walk:
    """A walk through the pages by one person, with the same steps for the same seed."""

    url: str
    chance: random.Random
    session: requests.Session = field(default_factory=requests.Session)
    waiting: list[str] = field(default_factory=lambda: list(START))
    seen: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    sent: int = 0

    def sign_in(self, name: str) -> None:
        """Sign in by the form on the page."""
        page = self._get(f"{self.url}/sign-in/")
        fields = {
            each["name"]: each.get("value", "") for each in page.select("form input[name]") if each["name"] != "q"
        }
        self.session.post(
            f"{self.url}/sign-in/",
            {**fields, "username": name, "password": PASSWORD},
            headers={"Referer": f"{self.url}/sign-in/"},
            timeout=60,
        )

    def go(self, requests_to_send: int) -> None:
        """Walk until so many requests were sent. What goes wrong is in `found`."""
        while self.sent < requests_to_send:
            if not self.waiting:
                self.waiting = list(START)
            address = self.waiting.pop(self.chance.randrange(len(self.waiting)))
            page = self._get(urljoin(self.url, address))
            self._note_links(page, address)
            for form in page.find_all("form"):
                if self.sent < requests_to_send:
                    self._press(form, urljoin(self.url, address))

    def _get(self, address: str) -> BeautifulSoup:
        return self._read("GET", address)

    def _read(self, method: str, address: str, **parts: object) -> BeautifulSoup:
        self.sent += 1
        try:
            answer = self.session.request(method, address, timeout=60, headers={"Referer": self.url}, **parts)
        except (requests.RequestException, UnicodeError) as gone:
            if not isinstance(gone, requests.exceptions.InvalidURL | UnicodeError):
                self.found.append(f"{method} {address[:300]}: {gone}")
            return BeautifulSoup("", "html.parser")
        if answer.status_code >= 500:
            self.found.append(f"{answer.status_code} {method} {address[:300]} {str(parts)[:600]}")
        is_page = "html" in answer.headers.get("Content-Type", "")
        return BeautifulSoup(answer.text if is_page else "", "html.parser")

    def _note_links(self, page: BeautifulSoup, base: str) -> None:
        for link in page.find_all("a", href=True):
            address = urldefrag(urljoin(urljoin(self.url, base), link["href"])).url
            path = urlsplit(address).path
            if not address.startswith(self.url + "/") or any(word in path for word in OUT):
                continue
            if self.seen[path] < 2 and len(self.waiting) < LONG:
                self.seen[path] += 1
                self.waiting.append(address)
                if self.chance.random() < 0.3:
                    mark = "&" if "?" in address else "?"
                    name = self.chance.choice(["as_of", "q", "page", "portfolio", "ordering", "a", "from", "draws"])
                    self.waiting.append(f"{address}{mark}{name}={self._junk()}")

    def _junk(self) -> str:
        return self.chance.choice(JUNK)

    def _press(self, form: Tag, page: str) -> None:
        action = urljoin(page, str(form.get("action") or page))
        if not action.startswith(self.url) or any(word in action for word in OUT):
            return
        fields = [self._filled(each) for each in form.select("input[name], select[name], textarea[name], button[name]")]
        data = [(name, value.encode("utf-8", "surrogatepass")) for name, value in filter(None, fields)]
        if str(form.get("method", "get")).lower() == "post":
            self._read("POST", action, data=data)
        else:
            self._read("GET", action, params=data)

    def _filled(self, control: Tag) -> tuple[str, str] | None:
        name, kind = str(control["name"]), str(control.get("type", control.name))
        if kind in {"submit", "button"} and self.chance.random() < 0.5:
            return None
        if name == "csrfmiddlewaretoken" or self.chance.random() < 0.4:
            options = control.find_all("option")
            kept = self.chance.choice(options).get("value", "") if options else control.get("value", control.get_text())
            return name, str(kept)
        return name, self._junk()

"""Walks the pages as a person does: follows links, and presses the button of every form that asks for a page."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Locator, Page, Response

ASKING = "form:not([method=post])"
OWN_BUTTON = "button:not([type=button]):not([name=format])"
LINKS = "links => links.map(link => typeof link.href === 'string' ? link.href : link.href.baseVal)"
SHAPES = "forms => forms.map(form => [...form.elements].map(field => `${field.name}/${field.type}`).join(' '))"
"""What tells forms of one route apart: their fields. Some pages show forms that others of the route do not."""
OUTSIDE = ("/api/", "/admin/", "/static/")
"""What is no page: the walk does not go there."""
WITHIN = 20_000
"""Milliseconds in which a page must answer."""

Kind = tuple[str, ...]


@dataclass
class Walk:
    """One walk by one person. `alike` gives the kind of an address; of each kind, so many pages are visited as `most`
    says. `faults` are the addresses and presses that led to an error, each with what was wrong."""

    page: Page
    base: str
    alike: Callable[[str], Kind]
    most: int = 1
    faults: list[str] = field(default_factory=list)
    visited: Counter[Kind] = field(default_factory=Counter)
    pressed: set[tuple[str, str, bool]] = field(default_factory=set)
    _messages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self._messages.append(str(error)))
        self.page.on("console", lambda said: self._messages.append(said.text) if said.type == "error" else None)

    def go(self, paths: Iterable[str]) -> None:
        """Walk from some addresses on until no kind of page is left to see."""
        queue, seen = deque(paths), set[str]()
        while queue:
            path = queue.popleft()
            kind = self.alike(path)
            if path in seen or self.visited[kind] >= self.most:
                continue
            seen.add(path)
            if not self._open(path):
                continue
            self.visited[kind] += 1
            queue += self._links()
            self._press_forms(path)

    def _open(self, path: str) -> bool:
        """Open a page. False where the address leads to a file and not to a page."""
        self._messages.clear()
        try:
            answer = self.page.goto(self.base + path, wait_until="load")
        except Error as error:
            if "Download is starting" not in error.message:
                self.faults.append(f"{path}: {error.message.splitlines()[0]}")
            return False
        self._check(path, answer)
        return True

    def _check(self, what: str, answer: Response | None) -> None:
        status = answer.status if answer else 0
        summary = self.page.locator(".nhsuk-error-summary")
        if status >= 400:
            self.faults.append(f"{what}: status {status}")
        elif summary.count():
            self.faults.append(f"{what}: {' '.join(summary.first.inner_text().split())}")
        self.faults += [f"{what}: {message}" for message in self._messages]
        self._messages.clear()

    def _links(self) -> list[str]:
        """The pages of ours that this one leads to."""
        links = self.page.locator("a[href]").evaluate_all(LINKS)
        paths = [urldefrag(link.removeprefix(self.base))[0] for link in links if link.startswith((self.base, "/"))]
        return [path for path in paths if path.startswith("/") and is_page(path)]

    def _press_forms(self, path: str) -> None:
        """Press the button of each form that was not pressed on a page of the route: as it stands, then with the first
        choice of each list taken."""
        for place, shape in enumerate(self.page.locator(ASKING).evaluate_all(SHAPES)):
            for choosing in (False, True):
                key = (route_of(path), shape, choosing)
                if key not in self.pressed:
                    self.pressed.add(key)
                    self._press(path, place, choosing=choosing)

    def _press(self, path: str, place: int, *, choosing: bool) -> None:
        if self.page.url != self.base + path:
            self._open(path)
        form = self.page.locator(ASKING).nth(place)
        button = form.locator(OWN_BUTTON).first
        if not form.is_visible() or not button.is_visible() or (choosing and not choose_first(form)):
            return
        what = f"{path}, form {place + 1} {'with first choices' if choosing else 'as it stands'}"
        try:
            with self.page.expect_navigation(timeout=WITHIN) as going:
                button.click()
        except Error as error:
            if "Timeout" not in error.message or self.page.url != self.base + path:  # else a script answered in place
                self.faults.append(f"{what}: {error.message.splitlines()[0]}")
            return
        self._check(what, going.value)


def choose_first(form: Locator) -> bool:
    """Take the first choice of each list of a form, after the one that stands for none. False where it has no list."""
    lists = [one for one in form.locator("select").all() if one.is_visible() and one.locator("option").count() > 1]
    for one in lists:
        one.select_option(index=1)
    return bool(lists)


def is_page(path: str) -> bool:
    """Whether an address leads to a page, and not to a file or out of the pages."""
    parts = urlsplit(path)
    named = "format" in dict(parse_qsl(parts.query)) or "table" in dict(parse_qsl(parts.query))
    return not (parts.path.startswith(OUTSIDE) or named or "." in parts.path.rsplit("/", 1)[-1])


def route_of(path: str) -> str:
    """The name of the route that answers an address."""
    try:
        return resolve(urlsplit(path).path).url_name or ""
    except Resolver404:
        return path


def by_route(path: str) -> Kind:
    """Pages of one route are of one kind."""
    return (route_of(path),)


def by_question(path: str) -> Kind:
    """Pages of one route are of one kind where they show the same portfolio, for portfolios hold different things, and
    their addresses have the same parameters."""
    asked = dict(parse_qsl(urlsplit(path).query))
    return (route_of(path), asked.get("portfolio", ""), *sorted(asked))

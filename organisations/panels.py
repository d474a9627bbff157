"""Where apps above add sections to the pages of an organisation and of a change, so that these never import them.

An app registers its makers of panels in its `AppConfig.ready`. The page of an organisation asks each for the panels of
a body on a day, the page of a change for those of a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from pcorg.core.pages.scope import Scope
from pcorg.core.policies import Actor


@dataclass(frozen=True)
class Panel:
    """A section of the page: its heading, its place in the address (`#contracts-section`), and the template that draws
    what stands under the heading, from `content` under the name `section`."""

    heading: str
    anchor: str
    template: str
    content: Any


class PanelMaker(Protocol):
    """Makes the panels of an app."""

    def __call__(self, code: str, on: date, scope: Scope, by: Actor) -> Sequence[Panel]:
        """The panels for a body on a day of its life as somebody reads them; none where the app knows nothing of it.
        Few queries."""


class ChangeMaker(Protocol):
    """Makes the panels of an app for changes."""

    def __call__(self, change: int, scope: Scope, by: Actor, *, to_assess: bool) -> Sequence[Panel]:
        """The panels for a change by its number as somebody reads them; none where the app knows nothing of it.
        `to_assess` tells a proposal that is not decided, shown to somebody who may appraise it, or may yet sign in. Few
        queries."""


_registered: dict[str, PanelMaker] = {}
_of_changes: dict[str, ChangeMaker] = {}


def register(name: str, maker: PanelMaker, of_changes: ChangeMaker | None = None) -> None:
    """Add an app's makers of panels. Raises ValueError where the name is taken."""
    if name in _registered:
        raise ValueError(f"panels of the name {name} are registered already")
    _registered[name] = maker
    if of_changes is not None:
        _of_changes[name] = of_changes


def withdraw(name: str) -> None:
    """Remove an app's makers of panels."""
    del _registered[name]
    _of_changes.pop(name, None)


def panels_of(code: str, on: date, scope: Scope, by: Actor) -> list[Panel]:
    """All panels of a body on a day as somebody reads them, in the order in which the apps registered."""
    return [panel for maker in _registered.values() for panel in maker(code, on, scope, by)]


def panels_of_change(change: int, scope: Scope, by: Actor, *, to_assess: bool) -> list[Panel]:
    """All panels of a change as somebody reads them, in the order in which the apps registered."""
    return [panel for maker in _of_changes.values() for panel in maker(change, scope, by, to_assess=to_assess)]

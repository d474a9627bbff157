"""The main navigation: each app says in its AppConfig which sections it has."""

from __future__ import annotations

from dataclasses import dataclass

from pcorg.core.accounts.roles import Role


@dataclass(frozen=True)
class Section:
    """A section of the product: the words for it, the name of the page that it opens with, the beginnings of the names
    of the pages in it, and its place among all. Those with `roles` are shown to people who have one of them."""

    text: str
    page: str
    place: int
    begin: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()

    def holds(self, name: str | None) -> bool:
        """Whether a page lies in this section."""
        return name is not None and name.startswith((self.page, *self.begin))


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    """Add sections; one that opens with the same page takes the place of an earlier one."""
    _sections.update({section.page: section for section in sections})


def sections_for(roles: frozenset[Role]) -> list[Section]:
    """The sections that people in these roles see, in their order."""
    visible = [section for section in _sections.values() if not section.roles or section.roles & roles]
    return sorted(visible, key=lambda section: section.place)

"""The links from page to page of a long list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page


def pages(page: Page, address: Callable[[int], str]) -> dict[str, Any] | None:
    """Build the parameters of the design system's pagination, or None where there is one page only."""
    if page.paginator.num_pages == 1:
        return None
    items: list[dict[str, Any]] = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(number, int):
            items.append({"number": number, "href": address(number), "current": number == page.number})
        else:
            items.append({"ellipsis": True})
    shown: dict[str, Any] = {"items": items}
    if page.has_previous():
        shown["previous"] = {"href": address(page.previous_page_number())}
    if page.has_next():
        shown["next"] = {"href": address(page.next_page_number())}
    return shown

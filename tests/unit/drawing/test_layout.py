"""Boxes never overlap, links never run through a box, and every link is drawn, whatever the graph."""

from __future__ import annotations

from itertools import combinations, pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.web.drawing.layering import DrawnLink, layer, neighbours
from organisations.web.drawing.layout import Box, Layout, Spacing, lay_out
from organisations.web.drawing.ordering import crossings, ordered

KEYS = [f"B{number}" for number in range(12)]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[DrawnLink]]:
    """Graphs of up to a dozen boxes of any height, with loops, self-links, repeated links and loose boxes."""
    keys = KEYS[: draw(st.integers(1, len(KEYS)))]
    boxes = [Box(key, 100, draw(st.integers(20, 160))) for key in keys]
    end = st.sampled_from(keys)
    return boxes, draw(st.lists(st.builds(DrawnLink, end, end), max_size=30))


def overlapping(layout: Layout) -> list[tuple[str, str]]:
    return [
        (one.key, other.key)
        for one, other in combinations(layout.boxes.values(), 2)
        if one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    ]


@given(graphs())
def test_no_two_boxes_overlap_and_all_stand_inside(graph):
    boxes, links = graph
    layout = lay_out(boxes, links)

    assert set(layout.boxes) == {box.key for box in boxes}
    assert overlapping(layout) == []
    for place in layout.boxes.values():
        assert place.x >= 0
        assert place.y >= -0.001
        assert place.x + place.width <= layout.width + 0.001
        assert place.y + place.height <= layout.height + 0.001


@given(graphs())
def test_every_link_runs_from_its_source_to_its_target(graph):
    boxes, links = graph
    layout = lay_out(boxes, links)

    assert [run.link for run in layout.runs] == [
        index for index, link in enumerate(links) if link.source != link.target
    ]
    for run in layout.runs:
        left, right = links[run.link].source, links[run.link].target
        ends = list(run.points)
        if run.backward:
            left, right, ends = right, left, ends[::-1]
        start, end = layout.boxes[left], layout.boxes[right]
        assert ends[0].x == start.x + start.width
        assert start.y < ends[0].y < start.y + start.height
        assert ends[-1].x == end.x
        assert end.y < ends[-1].y < end.y + end.height
        assert start.layer < end.layer


@given(graphs())
def test_no_link_runs_through_a_box(graph):
    """Between columns are no boxes; where a link crosses a column it runs level and clear of every box."""
    boxes, links = graph
    layout = lay_out(boxes, links)

    for run in layout.runs:
        for start, end in pairwise(run.points):
            for place in layout.boxes.values():
                inside = max(start.x, end.x) > place.x and min(start.x, end.x) < place.x + place.width
                if inside:
                    assert start.y == end.y
                    assert not place.y < start.y < place.y + place.height


@given(graphs())
def test_the_same_graph_gives_the_same_layout(graph):
    assert lay_out(*graph) == lay_out(*graph)


@given(graphs())
def test_ordering_keeps_every_node_and_never_adds_crossings(graph):
    boxes, links = graph
    layering = layer([box.key for box in boxes], links)
    order = ordered(layering)
    _, after = neighbours(layering.lanes)

    assert [set(nodes) for nodes in order] == [set(nodes) for nodes in layering.layers]
    assert crossings(order, after) <= crossings(layering.layers, after)


@given(graphs())
def test_only_links_that_would_close_a_loop_are_turned_round(graph):
    boxes, links = graph
    laid: set[tuple[str, str]] = set()
    for run in lay_out(boxes, links).runs:
        link = links[run.link]
        assert run.backward == _leads(laid, link.target, link.source)
        laid.add((link.target, link.source) if run.backward else (link.source, link.target))


def _leads(pairs: set[tuple[str, str]], start: str, goal: str) -> bool:
    """Whether the pairs lead from one box to another."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        fresh = {end for begin, end in pairs if begin == here} - seen
        seen |= fresh
        waiting += fresh
    return goal in seen


def test_a_merger_and_a_split_stand_in_three_layers():
    """
    5P3 ─┐        ┌─ 06K
         ├─ 5QV ──┤
    5P4 ─┘        └─ 06N
    """
    boxes = [Box(key, 100, 40) for key in ("5QV", "5P3", "5P4", "06K", "06N")]
    links = [DrawnLink("5P3", "5QV"), DrawnLink("5P4", "5QV"), DrawnLink("5QV", "06K"), DrawnLink("5QV", "06N")]
    layout = lay_out(boxes, links)

    assert {key: place.layer for key, place in layout.boxes.items()} == {
        "5P3": 0,
        "5P4": 0,
        "5QV": 1,
        "06K": 2,
        "06N": 2,
    }
    middle = layout.boxes["5QV"]
    assert middle.y == pytest.approx((layout.boxes["5P3"].y + layout.boxes["5P4"].y) / 2)


def test_a_body_that_nothing_led_to_stands_beside_what_it_became():
    """A late joiner to a long chain is drawn next to it, not at the far left."""
    boxes = [Box(key, 100, 40) for key in "ABCX"]
    layout = lay_out(boxes, [DrawnLink("A", "B"), DrawnLink("B", "C"), DrawnLink("X", "C")])

    assert layout.boxes["X"].layer == 1


def test_crossings_that_can_be_undone_are_undone():
    boxes = [Box(key, 100, 40) for key in "abcdefgh"]
    tangled = [DrawnLink("a", "h"), DrawnLink("b", "g"), DrawnLink("c", "f"), DrawnLink("d", "e")]
    layering = layer([box.key for box in boxes], tangled)
    _, after = neighbours(layering.lanes)

    assert crossings(layering.layers, after) == 6
    assert crossings(ordered(layering), after) == 0


def test_a_loop_in_bad_data_is_drawn_with_one_link_backwards():
    boxes = [Box(key, 100, 40) for key in "ABC"]
    layout = lay_out(boxes, [DrawnLink("A", "B"), DrawnLink("B", "C"), DrawnLink("C", "A")])

    assert [run.backward for run in layout.runs] == [False, False, True]


def test_parts_that_nothing_connects_stand_below_one_another():
    boxes = [Box(key, 100, 40) for key in "ABCD"]
    layout = lay_out(boxes, [DrawnLink("A", "B"), DrawnLink("C", "D")], Spacing(part=30))

    assert layout.boxes["A"].y == layout.boxes["B"].y == 0
    assert layout.boxes["C"].y == layout.boxes["D"].y == 70


def test_a_box_no_one_gave_is_refused():
    with pytest.raises(ValueError, match="not there"):
        lay_out([Box("A", 100, 40)], [DrawnLink("A", "Z")])


def test_two_boxes_of_one_key_are_refused():
    with pytest.raises(ValueError, match="share a key"):
        lay_out([Box("A", 100, 40), Box("A", 50, 40)], [])


def test_nothing_at_all_has_no_size():
    layout = lay_out([], [])

    assert (layout.width, layout.height) == (0, 0)


@pytest.mark.parametrize("shape", ["chain", "fan", "mesh", "everything to everything after"])
def test_a_hundred_and_fifty_bodies_are_laid_out_in_good_time(shape):
    count = 150 if shape != "everything to everything after" else 40
    keys = [f"N{number}" for number in range(count)]
    pairs = {
        "chain": [(i, i + 1) for i in range(count - 1)],
        "fan": [(0, i) for i in range(1, count)],
        "mesh": [(i, j) for i in range(75) for j in range(75, 150) if (i * 7 + j) % 10 == 0],
        "everything to everything after": [(i, j) for i in range(count) for j in range(i + 1, count)],
    }[shape]
    began = perf_counter()
    layout = lay_out([Box(key, 200, 80) for key in keys], [DrawnLink(keys[i], keys[j]) for i, j in pairs])

    assert len(layout.runs) == len(pairs)
    assert overlapping(layout) == []
    assert perf_counter() - began < 20  # a second on an idle machine; tests share theirs

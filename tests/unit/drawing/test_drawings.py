"""The three drawings: whole, escaped, the same each time, and free of what a strict content policy refuses."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.web.drawing.lineage import BoxState, DrawnBody, SuccessionArrow, draw_lineage, nearest
from organisations.web.drawing.svg import day_in_words, element, short_day, width, wrap
from organisations.web.drawing.timeline import Bar, Mark, Strand, StrandBars, draw_timeline
from organisations.web.drawing.transitions import ArrowStyle, FormBox, TransitionArrow, around, draw_transitions

ANY_TEXT = st.text(max_size=60)
DAYS = st.dates(date(1991, 4, 1), date(2022, 7, 1))
CODES = ["5P3", "5P4", "5QV", "06K", "06N", "13P", "5M1"]


def body(code: str, name: str = "East Hertfordshire Primary Care Trust", **more: object) -> DrawnBody:
    return DrawnBody(code, name, (code, "Primary care trust"), f"/organisations/{code}/", BoxState.IN_FORCE, **more)


def took(original: str, resulting: str, share: str = "1", on: date = date(2010, 4, 1)) -> SuccessionArrow:
    return SuccessionArrow(original, resulting, Decimal(share), f"{Decimal(share):.1%}", on)


def lineage(bodies: list[DrawnBody], steps: list[SuccessionArrow]) -> str:
    return draw_lineage(bodies, steps, focus="5QV", key="lineage", title="Lineage", description="Left to right")


def read(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def found(svg: str, class_name: str) -> list[ET.Element]:
    return [item for item in read(svg).iter() if class_name in item.get("class", "").split()]


def words(item: ET.Element) -> str:
    return " ".join(text.strip() for text in item.itertext() if text.strip())


@st.composite
def lineages(draw: st.DrawFn) -> tuple[list[DrawnBody], list[SuccessionArrow]]:
    bodies = [body(code, draw(ANY_TEXT)) for code in CODES]
    end = st.sampled_from(CODES)
    shares = st.decimals(0, 1, places=6)
    steps = draw(st.lists(st.builds(SuccessionArrow, end, end, shares, ANY_TEXT, DAYS), max_size=15))
    return bodies, steps


@given(lineages())
def test_every_body_and_every_succession_is_drawn_whatever_the_data(data):
    bodies, steps = data
    svg = lineage(bodies, steps)

    assert len(found(svg, "pc-graph__link")) == len(bodies)
    assert len(found(svg, "pc-graph__edge")) == len([s for s in steps if s.original != s.resulting])
    assert len(found(svg, "pc-graph__share")) == len(found(svg, "pc-graph__edge"))
    assert svg == lineage(bodies, steps)


@given(lineages())
def test_a_drawing_holds_nothing_the_content_policy_refuses(data):
    for item in read(lineage(*data)).iter():
        assert item.tag in {
            "svg", "title", "desc", "defs", "marker", "g", "path", "rect", "a", "text", "tspan"
        }  # fmt: skip
        assert "style" not in item.attrib
        assert not [name for name in item.attrib if name.startswith("on")]


def test_markup_in_a_name_stays_text():
    svg = lineage([body("5QV", '<script>alert("1")</script> & Sons')], [])

    assert "<script" not in svg
    assert '<script>alert("1")</script> & Sons' in read(svg).find(".//a").get("aria-label")


def test_the_body_in_focus_is_marked_and_others_are_not():
    svg = lineage([body("5P3"), body("5QV")], [took("5P3", "5QV")])

    assert len(found(svg, "pc-graph__node--focus")) == 1
    current = [link for link in found(svg, "pc-graph__link") if link.get("aria-current")]
    assert [link.get("href") for link in current] == ["/organisations/5QV/"]


def test_one_day_for_all_is_written_once_above():
    svg = lineage([body(code) for code in ("5P3", "5P4", "5QV")], [took("5P3", "5QV"), took("5P4", "5QV")])

    assert [words(item) for item in found(svg, "pc-graph__date")] == ["1 April 2010"]
    assert [words(item) for item in found(svg, "pc-graph__share")] == ["100.0%", "100.0%"]


def test_different_days_are_written_on_the_arrows():
    svg = lineage(
        [body(code) for code in ("5P3", "5P4", "5QV")],
        [took("5P3", "5QV"), took("5P4", "5QV", "0.25", date(2012, 1, 1))],
    )

    assert found(svg, "pc-graph__date") == []
    assert sorted(words(item) for item in found(svg, "pc-graph__share")) == [
        "100.0% 1 Apr 2010",
        "25.0% 1 Jan 2012",
    ]


@pytest.mark.parametrize(("share", "tenths"), [("0", 0), ("0.0001", 1), ("0.3742", 4), ("0.4", 4), ("1", 10)])
def test_the_line_is_as_wide_as_the_share(share, tenths):
    svg = lineage([body("5P3"), body("5QV")], [took("5P3", "5QV", share)])

    assert len(found(svg, f"pc-graph__edge--tenths-{tenths}")) == 1


def test_a_closed_and_an_illustrative_body_look_their_part():
    closed = DrawnBody("X-1", "Harlowick", ("X-1",), "/", BoxState.CLOSED, illustrative=True)
    svg = draw_lineage([closed], [], focus="other", key="k", title="t", description="d")

    assert len(found(svg, "pc-graph__node--closed")) == 1
    assert len(found(svg, "pc-graph__node--illustrative")) == 1


def test_links_come_in_the_order_of_time():
    svg = lineage([body(code) for code in ("06K", "5QV", "5P3")], [took("5P3", "5QV"), took("5QV", "06K")])

    assert [link.get("href")[-4:-1] for link in found(svg, "pc-graph__link")] == ["5P3", "5QV", "06K"]


def test_a_drawing_has_a_name_and_a_description_of_its_own():
    root = read(lineage([body("5QV")], []))

    named = {item.get("id"): item.text for item in root.iter() if item.get("id")}
    assert named[root.get("aria-labelledby")] == "Lineage"
    assert named[root.get("aria-describedby")] == "Left to right"


def test_the_nearest_bodies_are_kept():
    chain = [(f"B{place}", f"B{place + 1}") for place in range(10)]

    assert nearest("B5", chain, most=3) == ("B5", "B4", "B6")
    assert len(nearest("B5", chain)) == 11
    assert nearest("alone", chain) == ("alone",)


# --- Timeline -----------------------------------------------------------------------------------------------

LEVELS = (Bar(date(2001, 4, 1), date(2004, 4, 1), "Level 3"), Bar(date(2004, 4, 1), None, "Level 4"))
ROWS = [
    StrandBars("Form", Strand.FORM, LEVELS),
    StrandBars("Name", Strand.NAME, (Bar(date(2001, 4, 1), None, "Harlowick Primary Care Trust"),)),
    StrandBars("Answers to", Strand.RELATIONSHIP, ()),
]


def timeline(rows: list[StrandBars], marks: list[Mark], **more: date) -> str:
    days = {"until": date(2010, 3, 31), "as_at": date(2009, 4, 1), **more}
    return draw_timeline(rows, marks, key="life", title="Life", description="Bars", **days)


def test_every_bar_and_mark_is_drawn():
    svg = timeline(ROWS, [Mark(date(2001, 4, 1), 1), Mark(date(2004, 4, 1), 2)])

    assert len(found(svg, "pc-timeline__bar")) == 3
    assert len(found(svg, "pc-timeline__bar--open")) == 2
    assert [words(item) for item in found(svg, "pc-timeline__number")] == ["1", "2"]
    assert [words(item) for item in found(svg, "pc-timeline__row")] == ["Form", "Name"]
    assert read(svg).get("role") == "img"


def test_the_day_of_the_page_is_drawn_only_where_it_falls_on_the_axis():
    assert len(found(timeline(ROWS, []), "pc-timeline__as-at")) == 1
    assert found(timeline(ROWS, [], as_at=date(1990, 1, 1)), "pc-timeline__as-at") == []


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    start, end = draw(DAYS), draw(st.none() | DAYS)
    return Bar(start, end if end and end > start else None, draw(ANY_TEXT))


@given(st.lists(bars(), max_size=6), st.lists(st.builds(Mark, DAYS, st.integers(1, 99)), max_size=12), DAYS)
def test_a_timeline_stays_inside_its_frame_whatever_the_data(facts, marks, until):
    svg = timeline([StrandBars("Name", Strand.NAME, tuple(facts))], marks, until=until)
    root = read(svg)
    wide, tall = float(root.get("width")), float(root.get("height"))

    assert len(found(svg, "pc-timeline__bar")) == len(facts)
    for item in found(svg, "pc-timeline__bar"):
        assert 0 <= float(item.get("x")) <= float(item.get("x")) + float(item.get("width")) <= wide + 4
        assert 0 <= float(item.get("y")) <= tall
    circles = [(float(item.get("cx")), float(item.get("cy"))) for item in found(svg, "pc-timeline__mark")]
    for place, (x, y) in enumerate(circles):
        assert all(abs(x - other[0]) > 20 or y != other[1] for other in circles[:place])


def test_a_life_of_one_day_has_an_axis():
    svg = timeline(
        [StrandBars("Form", Strand.FORM, (Bar(date(2009, 4, 1), date(2009, 4, 2), "A pilot of a day"),))], []
    )

    assert "A pilot of a day" in words(read(svg))


# --- Declared steps -----------------------------------------------------------------------------------------

STEPS = [
    TransitionArrow("pcg-1", "pcg-2", "level", ArrowStyle.KEEPS_BODY),
    TransitionArrow("pcg-1", "pcg-2", "merger", ArrowStyle.NEW_BODY),
    TransitionArrow("pcg-2", "pct-3", "succession", ArrowStyle.NEW_BODY),
    TransitionArrow("pct-3", "pct-3", "merger", ArrowStyle.NEW_BODY),
    TransitionArrow("acute", "combined", "merger", ArrowStyle.NEW_BODY),
]


def form(slug: str) -> FormBox:
    return FormBox(slug, slug.upper(), ("1999 to 2004",), f"/forms/{slug}/", 2)


def test_steps_between_two_forms_share_an_arrow_and_steps_within_one_are_words():
    svg = draw_transitions(
        [form(slug) for slug in ("pcg-1", "pcg-2", "pct-3")],
        STEPS[:4],
        key="steps",
        title="t",
        description="d",
    )

    assert len(found(svg, "pc-graph__edge")) == 2
    assert len(found(svg, "pc-graph__edge--keeps-body")) == 1
    assert [words(item) for item in found(svg, "pc-graph__share")] == ["level merger", "succession"]
    assert "Merger with its like" in words(read(svg))


def test_the_forms_around_one_are_those_it_can_become_and_come_from():
    assert around("pcg-2", STEPS) == {"pcg-1", "pcg-2", "pct-3"}
    assert around("acute", STEPS) == {"acute", "combined"}


# --- Words and marks ----------------------------------------------------------------------------------------


@given(ANY_TEXT, st.floats(60, 300), st.integers(1, 5), st.booleans())
def test_wrapped_text_fits_its_room(text, room, lines, bold):
    wrapped = wrap(text, 15, room, lines=lines, bold=bold)

    assert 1 <= len(wrapped) <= lines
    assert all(width(line, 15, bold=bold) <= room for line in wrapped)


def test_nothing_is_lost_where_there_is_room():
    name = "Bristol, North Somerset, Somerset and South Gloucestershire Strategic Health Authority"

    assert " ".join(wrap(name, 15, 190, lines=6, bold=True)) == name


def test_a_text_too_long_ends_in_an_ellipsis():
    assert wrap("one two three four", 15, 60, lines=2)[-1].endswith("…")


def test_days_are_written_as_people_write_them():
    assert day_in_words(date(2013, 4, 1)) == "1 April 2013"
    assert short_day(date(2013, 4, 1)) == "1 Apr 2013"


@given(st.text(), st.text())
def test_any_text_and_attribute_makes_well_formed_markup(text, value):
    root = read(str(element("text", text, class_="a", aria_label=value)))

    assert root.tag == "text"

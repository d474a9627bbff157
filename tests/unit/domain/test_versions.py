"""Collections that share what their versions have in common, against plain copies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.domain.versions import IndexedLog, Log, Versioned

keys = st.sampled_from("abcde")
written = st.lists(st.tuples(keys, st.none() | st.integers(0, 9)), max_size=4)


@given(st.lists(st.tuples(st.integers(0, 5), written), max_size=8))
def test_every_version_stays_as_it_was_whatever_is_forked_from_it(forks: list) -> None:
    made: list[Versioned[str, int]] = [Versioned({"a": 1})]
    plain: list[dict[str, int]] = [{"a": 1}]
    for which, alterations in forks:
        version, copy = made[which % len(made)].fork(), dict(plain[which % len(made)])
        for key, value in alterations:
            if value is None:
                assert version.pop(key, None) == copy.pop(key, None)
            else:
                version[key] = copy[key] = value
        made.append(version)
        plain.append(copy)
    for version, copy in zip(made, plain, strict=True):
        assert version == copy
        assert len(version) == len(copy)
        assert {key: version.get(key) for key in "abcde"} == {key: copy.get(key) for key in "abcde"}
        assert {key for key in "abcde" if key in version} == copy.keys()


def test_the_newest_version_keeps_the_order_in_which_it_was_written() -> None:
    first = Versioned({"b": 1})
    second = first.fork()
    second["a"] = 2
    assert (list(first), list(second)) == (["b"], ["b", "a"])


def test_an_older_version_cannot_be_written_on() -> None:
    old = Versioned({"a": 1})
    old.fork()
    with pytest.raises(TypeError):
        old["a"] = 2


def test_a_missing_key_is_missing_in_old_and_new() -> None:
    old: Versioned[str, int] = Versioned()
    new = old.fork()
    new["a"] = 1
    for version, key in ((old, "a"), (old, "b"), (new, "b")):
        with pytest.raises(KeyError):
            version[key]


@given(st.lists(st.tuples(st.integers(0, 5), st.lists(st.integers(), max_size=3)), max_size=8))
def test_a_log_is_added_to_without_a_change_to_those_before(additions: list) -> None:
    made, plain = [Log([0])], [[0]]
    for which, more in additions:
        made.append(made[which % len(made)].adding(*more))
        plain.append([*plain[which % len(plain)], *more])
    for log, entries in zip(made, plain, strict=True):
        assert log == entries
        assert (len(log), log[-1], log[0], log[1:]) == (len(entries), entries[-1], 0, entries[1:])
        with pytest.raises(IndexError):
            log[len(entries)]


def test_a_log_finds_its_entries_by_their_keys() -> None:
    first = IndexedLog(set, ["ab", "bc"])
    second = first.adding("bb")
    assert (list(first.under("b")), list(second.under("b"))) == (["ab", "bc"], ["ab", "bc", "bb"])
    assert second.under("z") == ()
    kept = second.keeping(lambda entry: "c" not in entry)
    assert (list(kept), list(kept.under("b")), list(kept.under("c"))) == (["ab", "bb"], ["ab", "bb"], [])

"""YAML from strangers, read into nodes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.notice import Notice
from medpro_audit.core.yaml_nodes import MAX_BYTES, entries_of, items_of, line_of, read_node, text_of


def test_nodes_know_their_lines() -> None:
    """Texts stay texts, whatever they look like."""
    root = read_node("a.yml", b"ports:\n  - 22:22\n  - no\nname: 3306\n")
    assert not isinstance(root, Notice)
    entries = entries_of(root)
    assert [(text_of(item), line_of(item)) for item in items_of(entries["ports"])] == [("22:22", 2), ("no", 3)]
    assert text_of(entries["name"]) == "3306"


def test_what_is_taken_over_counts_less() -> None:
    """``<<`` adds the entries of one mapping or of several; an entry of its own comes first."""
    root = read_node("a.yml", b"a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 0}\n")
    assert not isinstance(root, Notice)
    entries = entries_of(entries_of(root)["c"])
    assert (text_of(entries["x"]), text_of(entries["z"])) == ("0", "2")


def test_another_kind_of_node_is_empty() -> None:
    """So that a file of an unexpected shape needs no special care."""
    root = read_node("a.yml", b"[{a: 1}]")
    assert not isinstance(root, Notice)
    assert (entries_of(root), text_of(root), items_of(None), text_of(None)) == ({}, None, [], None)
    assert read_node("a.yml", b"") is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a: [", "configuration"),
        (b"a: \x00", "configuration"),
        (b"\xff\xfe\xfa", "configuration"),
        (b"[" * 30_000, "limit"),
        (b"a: " + b"x" * MAX_BYTES, "limit"),
        (b"a: 1\n---\nb: 2\n", "configuration"),
    ],
)
def test_what_can_not_be_read_is_a_notice(content: bytes, kind: str) -> None:
    """With the file, and never an exception."""
    found = read_node("compose.yml", content)
    assert isinstance(found, Notice)
    assert (found.kind, found.place and found.place.file) == (kind, "compose.yml")


def test_a_bomb_stays_small() -> None:
    """Aliases are references, and a mapping that takes over itself ends."""
    bomb = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (98 + i, 98 + i, 97 + i, 97 + i) for i in range(20))
    root = read_node("a.yml", bomb + b"self: &self {<<: *self, x: 1}\n")
    assert not isinstance(root, Notice)
    assert list(entries_of(entries_of(root)["self"])) == ["x"]


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    """Nothing makes it fail."""
    found = read_node("a.yml", content)
    assert isinstance(found, Notice) or entries_of(found) is not None

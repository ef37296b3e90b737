"""Documents of strangers as nodes that know their lines."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpro_audit.model.documentation.nodes import Fault, Node, merged, plain
from medpro_audit.model.documentation.reading import read_document, read_json, read_yaml

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def node_of(text: str) -> Node:
    """Read YAML that has nothing wrong."""
    node = read_yaml(text, "a.yaml")
    assert isinstance(node, Node)
    return node


@given(value=VALUES)
def test_json_means_what_it_means_to_everybody(value: object) -> None:
    """The tree holds what Python's own reader finds."""
    node = read_json(json.dumps(value, indent=1), "a.json")
    assert isinstance(node, Node)
    assert plain(node) == value


@given(text=st.text(alphabet="{}[]:,-&*<>|?#'\"\n\t abc01~!%@`", max_size=60))
@settings(max_examples=500)
def test_whatever_is_read_there_is_a_tree_or_a_fault(text: str) -> None:
    """No text makes the reader fail, and a fault has a line of the text."""
    for found in (read_yaml(text, "a.yaml"), read_json(text, "a.json")):
        if isinstance(found, Fault):
            assert 1 <= found.line <= text.count("\n") + 1
            assert found.message


@given(content=st.binary(max_size=60))
def test_bytes_that_are_no_text_are_read_too(content: bytes) -> None:
    """As a tree or a fault."""
    assert isinstance(read_document("a.yaml", content), Node | Fault)


def test_an_entry_stands_where_its_key_does() -> None:
    """So that a finding is shown on the line of the operation's method."""
    node = node_of("paths:\n  /patients:\n\n    get:\n      summary: All\n")
    found = node.find("paths", "/patients", "get")
    assert found is not None
    assert found.line == 4
    text = '{\n "paths": {\n  "/patients": {"get":\n   {}}}}'
    other = read_json(text, "a.json")
    assert isinstance(other, Node)
    inner = other.find("paths", "/patients")
    assert inner is not None
    assert inner.line == 3


def test_an_alias_is_the_node_that_it_names() -> None:
    """Also where ``<<`` takes its entries over, which the mapping's own replace."""
    node = node_of("a: &a {x: 1, y: 2}\nb: *a\nc:\n  <<: *a\n  y: 3\n")
    assert plain(node) == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 200, "deep"),
        ("- " * 5_000 + "x", "deep"),
        ("a: 1\nb: 2\na: 3", "twice"),
        ("a: *nobody", "anchor"),
        ("{[a]: 1}", "no text"),
        ("a: b: c", "no YAML"),
    ],
)
def test_what_is_refused_is_a_fault(text: str, message: str) -> None:
    """Too deep, ambiguous, or no YAML at all."""
    found = read_yaml(text, "a.yaml")
    assert isinstance(found, Fault)
    assert message in found.message


def test_aliases_can_not_blow_a_document_up() -> None:
    """The size of what they stand for counts wherever they stand."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 12)]
    found = read_yaml("\n".join(lines), "a.yaml")
    assert isinstance(found, Fault)
    assert "larger" in found.message


def test_an_alias_within_its_own_anchor_is_no_cycle() -> None:
    """There is no such anchor yet."""
    assert isinstance(read_yaml("a: &a\n  b: *a\n", "a.yaml"), Fault)


def test_what_is_merged_is_in_both() -> None:
    """Mappings by key and lists by position, and nothing is lost to null."""
    one = node_of("a: {x: 1, y: [1, 2]}\nb: 1")
    other = node_of("a: {y: [3], z: 4}\nb: ~")
    assert plain(merged(one, other)) == {"a": {"x": 1, "y": [3, 2], "z": 4}, "b": 1}

"""Which declarations are found for the names on which log calls are made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.extract.scan import SourceText
from medpro_audit.facts.file import Binding
from medpro_audit.facts.inventory import Language


def bindings(source: str, language: Language = "typescript") -> tuple[Binding, ...]:
    """Bindings of a file."""
    return SourceText("x.ts", source.encode(), language).facts().bindings


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import log from 'a'; log.info()", ("log", "import", "a", "default", (), "")),
        ("import * as log from 'a'; log.info()", ("log", "import", "a", "*", (), "")),
        ("import { x as log } from 'a'; log.info()", ("log", "import", "a", "x", (), "")),
        ("import log = require('a'); log.info()", ("log", "import", "a", "=", (), "")),
        ("const log = make(); log.info()", ("log", "value", "", "", (), "")),
        ("const { a: { log } } = x(); log.info()", ("log", "value", "", "", ("a", "log"), "")),
        ("const { log = y } = x(); log.info()", ("log", "value", "", "", ("log",), "")),
        ("const [log] = x(); log.info()", ("log", "value", "", "", ("",), "")),
        ("const log = { info() {} }; log.info()", ("log", "own", "", "", (), "")),
        ("function log() {} log.info()", ("log", "own", "", "", (), "")),
        ("const f = (log) => log.info()", ("log", "parameter", "", "", (), "")),
        ("const f = log => log.info()", ("log", "parameter", "", "", (), "")),
        ("function f(log: Log) { log.info() }", ("log", "parameter", "", "", (), "Log")),
        ("function f({ log }: { log: a.Log }) { log.info() }", ("log", "parameter", "", "", ("log",), "a.Log")),
        ("for (const log of all) log.info()", ("log", "parameter", "", "", (), "")),
        ("class A { log = make(); f() { this.log.info() } }", ("this.log", "value", "", "", (), "")),
        ("class A { #log: Log; f() { this.#log.info() } }", ("this.#log", "parameter", "", "", (), "Log")),
        ("class A { constructor(private log: Log) { this.log.info() } }", ("this.log", "parameter", "", "", (), "Log")),
        ("class A { constructor(x) { this.log = x; this.log.info() } }", ("this.log", "value", "", "", (), "")),
    ],
)
def test_a_declaration_says_where_a_name_comes_from(
    source: str, expected: tuple[str, str, str, str, tuple[str, ...], str]
) -> None:
    """Import, expression, keys on the way, type."""
    found = next(binding for binding in bindings(source) if binding.name == expected[0])
    shown = (found.name, found.kind, found.specifier, found.imported, found.keys, found.annotation)
    assert shown == expected


def test_names_that_lead_to_a_receiver_are_looked_up_too() -> None:
    """Up to the import."""
    found = bindings("import w from 'winston'; const root = w.createLogger(); const log = root.child(); log.info()")
    assert [binding.name for binding in found] == ["log", "root", "w"]


def test_a_declaration_holds_in_its_scope() -> None:
    """A block, a function, or the whole file."""
    source = "const log = a(); function f() { const log = b(); { var other = log; } log.info(); }"
    ranges = {(source[found.start], found.end - found.start) for found in bindings(source)}
    assert ranges == {("c", len(source)), ("{", source.rindex("}") - source.index("{") + 1)}


def test_an_assignment_speaks_of_the_variable_around_it() -> None:
    """Wherever it stands."""
    found = bindings("let log; function f() { log = make(); } log.info()")
    assert [(binding.kind, binding.start, binding.end) for binding in found] == [("value", 0, 50), ("assigned", 0, 50)]


def test_other_names_are_left_alone() -> None:
    """Facts stay small: nobody asks for these."""
    assert bindings("import a from 'a'; const b = a(); console.log(b)") == ()


_PIECES = st.sampled_from(
    ["const log = ", "log", ".info('x')", "{ log }", "(", ")", "=>", "this.log", " = ", "class A {", "}", "import ",
     " from 'a'", ";", "\n", "é", "`", "async ", "function f(log: Log) {", "[log]", "...log", "self", "catch (log) {"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_a_binding_stands_where_it_says(source: str) -> None:
    """In any text: the name is at its place, inside its range."""
    content = source.encode()
    for binding in bindings(source):
        name = binding.name.removeprefix("this.").encode()
        assert content[binding.at : binding.at + len(name)] == name
        assert binding.start <= binding.at < binding.end <= len(content)

"""What is taken from every file: imports, calls, clauses, whether it exports, where its syntax is wrong."""

import pytest

from medpro_audit.extract.scan import SourceText
from medpro_audit.facts.file import FileFacts
from medpro_audit.facts.inventory import Language


def facts(source: str, language: Language = "typescript") -> FileFacts:
    """Facts of a file."""
    return SourceText("x.ts", source.encode(), language).facts()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a, { b } from 'm'; import 'n';", [("m", "import"), ("n", "import")]),
        ("import type A from 'm'; import { type B } from 'n';", [("m", "type"), ("n", "type")]),
        ("import { type A, b } from 'm';", [("m", "import")]),
        ("export { a } from 'm'; export * from 'n'; export * as b from 'o';",
         [("m", "re-export"), ("n", "re-export"), ("o", "re-export")]),
        ("export type { A } from 'm'; export type * from 'n';", [("m", "type"), ("n", "type")]),
        ("import a = require('m');", [("m", "import")]),
        ("const a = require('m'), { b } = require(`n`).c;", [("m", "require"), ("n", "require")]),
        ("const a = await import('m'); import(/* webpackChunkName: 'x' */ 'n');", [("m", "dynamic"), ("n", "dynamic")]),
        ("require.resolve('m'); jest.mock('n', () => {}); vi.mock('o'); proxyquire('p', {});",
         [("m", "resolve"), ("n", "mock"), ("o", "mock"), ("p", "mock")]),
        ("const { a } = jest.requireActual<typeof A>('m');", [("m", "mock")]),
        ("require(name); require(`./${name}`); require(); import(name);", []),
        ("// require('a')\n'require(\"b\")'; `import('c')`; /require('d')/; myrequire('e'); a.require('f');", []),
        ("a.import('m'); path.resolve('n'); const require2 = require;", []),
        ("export default 1; export const a = 1;", []),
    ],
)  # fmt: skip
def test_imports_are_found_where_they_are_code(source: str, expected: list[tuple[str, str]]) -> None:
    """With their kind; not in comments, strings or other names."""
    assert [(fact.specifier, fact.kind) for fact in facts(source).imports] == expected


def test_the_range_of_a_specifier_is_what_a_rewrite_replaces() -> None:
    """Between its quotes, in bytes."""
    source = "const é = 1; import a from './ü';"
    [fact] = facts(source).imports
    assert source.encode()[fact.start : fact.end].decode() == "./ü"


@pytest.mark.parametrize(
    ("source", "exports"),
    [
        ("export const a = 1;", True),
        ("export * from 'm';", True),
        ("module.exports = {};", True),
        ("exports.a = 1;", True),
        ("export default 1;", True),
        ("export {a};", True),
        ("const actions = ['view', 'export', 'delete'];", False),
        ("a.run();", False),
        ("const exported = 1; api.export(exported);", False),
    ],
)
def test_whether_a_file_offers_something(source: str, *, exports: bool) -> None:
    """A file that doesn't is run for what it does."""
    assert facts(source).exports is exports


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("console.log('a'); log.info('b');", 2),
        ("this.log.error(e); req.log?.warn('x'); getLogger().debug('y');", 3),
        ("console.table(a); console.count();", 2),
        ("log.info; const info = log; info(1); login(); log.information(1);", 0),
        ("// console.log('a')\n'log.info(1)';", 0),
    ],
)
def test_calls_that_may_log_are_found(source: str, expected: int) -> None:
    """By the names that levels have; what they are called on is decided later."""
    assert len(facts(source).log_calls) == expected


def test_a_call_knows_its_surroundings() -> None:
    """Functions around it, innermost first, and the errors that are caught there."""
    source = "function f() { try { g(); } catch (a) { h().catch((b) => { log.error(a, b); }); } }"
    [fact] = facts(source).log_calls
    assert fact.caught == ("b", "a")
    assert [source[start] for start in fact.enclosing] == ["(", "f"]
    assert fact.function == fact.enclosing[-1]
    assert facts("log.info(1)").log_calls[0].function == -1


@pytest.mark.parametrize(
    ("source", "parameter", "guards"),
    [
        ("try { a(); b.c(); } catch (e) {}", "e", ("a", "c")),
        ("try { await (a()); } catch {}", "", ("a",)),
        ("try { x = a(); } catch ({ message }) {}", "", ("",)),
        ("try { } catch (e) {}", "e", ()),
        ("a.b().catch(() => {});", "", ("b",)),
        ("a.catch((e) => {});", "e", ("",)),
        ("void a().catch(function (e) {});", "e", ("a",)),
        ("try { a(); } catch (e) { b(); c(); d(); e(); }", "e", ()),
    ],
)
def test_a_clause_knows_what_it_guards(source: str, parameter: str, guards: tuple[str, ...]) -> None:
    """Where it hardly does anything: the names of what is called."""
    [fact] = facts(source).catches
    assert (fact.parameter, fact.guards) == (parameter, guards)


@pytest.mark.parametrize("source", ["a.catch(handler);", "const caught = 1;", "// catch (e) {}", "a.catch;"])
def test_what_is_no_clause_is_left_alone(source: str) -> None:
    """A word is not enough."""
    assert facts(source).catches == ()


def test_the_first_fault_of_the_syntax_is_told() -> None:
    """Once a file, with its place; what stands around it is read."""
    found = facts("import a from 'm';\nconst = ;\nconst b = require('n');\nconst = ;")
    assert [(notice.kind, str(notice.place)) for notice in found.notices] == [("syntax-error", "x.ts:2")]
    assert [fact.specifier for fact in found.imports] == ["m", "n"]


@pytest.mark.parametrize(
    "source",
    [
        "export type * from 'm';",
        "let a: import('x').T[] = [];",
        "const a = <T,>(b: T) => b;",
        "const a = <p>salt & pepper</p>;",
        "const a = <p>salt<b>`pepper`</b></p>;",
        "const a = sql<User[]>`select 1`.as('b');",
        "const a = client.$query<{ id: number; names: Array<Record<string, 'b' | null>> }[]>`select ${b}`;",
        "enum A { B } abstract class C { declare d: 1; accessor e = 1 }",
    ],
)
def test_what_a_grammar_can_not_read_is_no_fault_of_the_code(source: str) -> None:
    """Gaps of the grammars are bridged."""
    assert facts(source, "tsx").notices == ()


def test_a_javascript_file_may_hold_types() -> None:
    """Flow's annotations are read by the grammar for TSX, and the facts say so."""
    found = facts("// @flow\nimport type { A } from 'm';\nconst f = (a: A): number => 1;", "javascript")
    assert (found.notices, found.language) == ((), "tsx")
    assert facts("const f = (a) => 1;", "javascript").language == "javascript"


def test_places_are_counted_in_lines_and_bytes() -> None:
    """From 1; a line ends with its newline."""
    found = facts("é\n\nab")
    assert [(found.place(at).line, found.place(at).column) for at in (0, 2, 3, 4, 5)] == [
        (1, 1),
        (1, 3),
        (2, 1),
        (3, 1),
        (3, 2),
    ]
    assert [found.line_of(at) for at in (0, 3, 5)] == [1, 2, 3]


def test_an_interpreter_line_is_noticed() -> None:
    """A script is started by itself."""
    assert facts("#!/usr/bin/env node\nrequire('a');").shebang
    assert not facts("require('a');").shebang


def test_a_call_of_what_is_waited_for_is_no_call_of_await() -> None:
    """``await (await connect()).query()`` reads as if ``await`` were a function."""
    source = "const f = async () => answer(await (await mysql.createConnection({ host })).query('SELECT 1'));"
    assert sum(map(len, facts(source, "javascript").calls.values())) == 1

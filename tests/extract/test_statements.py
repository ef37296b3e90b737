"""Every kind of statement is lowered to what it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.lowering import lowered, statements
from medpro_audit.facts import ir
from medpro_audit.facts.inventory import Language

LANGUAGES: list[Language] = ["javascript", "typescript", "tsx"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("const a = 1, b = 2; let c;", "Declare(const, a, 1); Declare(const, b, 2); Declare(let, c, -)"),
        ("var { a, b: { c = 1 }, ...d } = e;",
         ("Declare(var, ObjectPattern([PatternEntry(a, a), "
         "PatternEntry(b, ObjectPattern([PatternEntry(c, Default(c, 1))], -))], d), e)")),
        ("const f = () => {}, g = function () {};",
         "Declare(const, f, Function(f, is_arrow=True)); Declare(const, g, Function(g))"),
        ("function f(a) { return a; }", "DeclareFunction(Function(f, [Parameter(a)], [Return(a)]))"),
        ("async function* f() {}", "DeclareFunction(Function(f, is_async=True, is_generator=True))"),
        ("return; throw a;", "Return(-); Throw(a)"),
        ("if (a) b(); else if (c) { d() } else { e(); f() }",
         "If(a, [Evaluate(Call(b))], [If(c, [Evaluate(Call(d))], [Evaluate(Call(e)), Evaluate(Call(f))])])"),
        ("for (let i = 0; i < 1; i++) a();",
         "Loop(for, -, -, [Declare(let, i, 0)], Binary(<, i, 1), Unary(++, i), [Evaluate(Call(a))])"),
        ("for (;;) { break; }", "Loop(for, -, -, -, -, [Jump(break)])"),
        ("for (const [a, b] of c) d();", "Loop(of, ArrayPattern([a, b]), c, -, -, [Evaluate(Call(d))])"),
        ("for await (const a of b) {}", "Loop(of, a, b, -, -)"),
        ("for (var a in b) ;", "Loop(in, <element>, b, -, -, [Declare(var, a, <element>)])"),
        ("for (a.b of c) ;", "Loop(of, <element>, c, -, -, [Evaluate(Assign(Member(a, b), =, <element>))])"),
        ("while (a) b();", "Loop(while, -, -, a, -, [Evaluate(Call(b))])"),
        ("do a(); while (b)", "Loop(do, -, -, b, -, [Evaluate(Call(a))])"),
        ("switch (a) { case 1: case 2: b(); break; default: c() }",
         "Switch(a, [Case(1), Case(2, [Evaluate(Call(b)), Jump(break)]), Case(-, [Evaluate(Call(c))])])"),
        ("try { a() } catch ({ message }) { b() } finally { c() }",
         ("Try([Evaluate(Call(a))], ObjectPattern([PatternEntry(message, message)], -), "
         "[Evaluate(Call(b))], [Evaluate(Call(c))])")),
        ("try { a() } catch { b() }", "Try([Evaluate(Call(a))], -, [Evaluate(Call(b))])"),
        ("try { a() } finally { b() }", "Try([Evaluate(Call(a))], -, -, [Evaluate(Call(b))])"),
        ("x: for (const a of b) { continue x }", "Labelled(x, Loop(of, a, b, -, -, [Jump(continue, x)]))"),
        ("{ a(); { b() } }", "Block([Evaluate(Call(a)), Block([Evaluate(Call(b))])])"),
        ("'use strict'; ; // nothing", "Evaluate('use strict')"),
    ],
)  # fmt: skip
def test_a_statement_keeps_its_meaning(source: str, expected: str) -> None:
    """A loop that assigns to what is declared elsewhere does so in its body."""
    assert statements(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a, { b as c, 'd-e' as f } from 'm';", "Import(m, [[default, a], [b, c], [d-e, f]])"),
        ("import * as a from 'm'; import 'n';", "Import(m, [[*, a]]); Import(n)"),
        ("import a = require('m');", "Declare(const, a, Call(require, ['m']))"),
        ("export const a = 1;", "ExportDeclaration([Declare(const, a, 1)])"),
        ("export function f() {}", "ExportDeclaration([DeclareFunction(Function(f))])"),
        ("export default a;", "ExportDefault(a)"),
        ("export default function () {}", "ExportDefault(Function())"),
        ("export default function f() {}", "DeclareFunction(Function(f)); Export([[f, default]])"),
        ("export default class A {}", "DeclareClass(Class(A, -)); Export([[A, default]])"),
        ("export { a, b as default };", "Export([[a, a], [b, default]])"),
        ("export { a as b } from 'm';", "Export([[a, b]], m)"),
        ("export * from 'm'; export * as a from 'm';", "Export([[*, *]], m); Export([[*, a]], m)"),
        ("export = a;", "Evaluate(Assign(Member(module, exports), =, a))"),
    ],
)
def test_imports_and_exports(source: str, expected: str) -> None:
    """Pairs of what a name is there and here."""
    assert statements(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import type A from 'm'; export type { B } from 'm';", ""),
        ("import { type A } from 'm';", ""),
        ("import { type A, b } from 'm';", "Import(m, [[b, b]])"),
        ("export type * from 'm'; a();", "Evaluate(Call(a))"),
        ("tag<A>`x${b}`;", "Evaluate(Tagged(tag, Template([x, b])))"),
        ("a.b<A[]>`x`;", "Evaluate(Tagged(Member(a, b), Template([x])))"),
        ("let a: import('x').T[]; a();", "Declare(let, a, -); Evaluate(Call(a))"),
        ("type A = 1; interface B {} declare const c: A; declare module 'x' { const y: 1 }", ""),
        ("function f(a: string): void; function f(a: any) {}", "DeclareFunction(Function(f, [Parameter(a)]))"),
        ("enum A { B, C = 'c', 'D-E' = 4 }",
         "Declare(const, A, Object([Property(value, B, 0), Property(value, C, 'c'), Property(value, D-E, 4)]))"),
        ("namespace A { export const b = 1 }", "ExportDeclaration([Declare(const, b, 1)])"),
    ],
)  # fmt: skip
def test_types_are_stripped(source: str, expected: str) -> None:
    """What is erased when TypeScript is compiled is not there; what is not, is."""
    assert statements(source) == expected


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("a = 1", "field, a, 1"),
        ("static #b", "field, #b, -, is_static=True"),
        ("f = () => {}", "field, f, Function(f, is_arrow=True)"),
        ("constructor(a) {}", "constructor, constructor, Function(constructor, [Parameter(a)])"),
        ("constructor(private a: A, readonly b = 1, @Inject() c: C) {}",
         ("constructor, constructor, Function(constructor, [Parameter(a, A, is_property=True), "
         "Parameter(Default(b, 1), is_property=True), Parameter(c, C, [Call(Inject)])])")),
        ("async m() {}", "method, m, Function(m, is_async=True)"),
        ("static *g() {}", "method, g, Function(g, is_generator=True), is_static=True"),
        ("get p() { return 1 }", "get, p, Function(p, [Return(1)])"),
        ("set p(v) {}", "set, p, Function(p, [Parameter(v)])"),
        ("[k]() {}", "method, k, Function()"),
        ("'k'() {}", "method, k, Function(k)"),
        ("static { a() }", "static-block, Function([Evaluate(Call(a))], is_arrow=True), is_static=True"),
        ("@Get('/x') m(@Body() b: B) {}",
         "method, m, Function(m, [Parameter(b, B, [Call(Body)])]), [Call(Get, ['/x'])]"),
        ("@a @b() n!: number", "field, n, -, [a, Call(b)]"),
    ],
)  # fmt: skip
def test_a_class_has_its_members(member: str, expected: str) -> None:
    """Fields, methods, accessors, static blocks, with their decorators."""
    assert statements(f"class A {{ {member} }}") == f"DeclareClass(Class(A, -, [ClassMember({expected})]))"


def test_members_that_are_only_declared_are_not_there() -> None:
    """Abstract methods, signatures, ``declare`` fields."""
    assert statements("abstract class A { abstract m(): void; declare x: 1; n(): void; [k: string]: any }") == (
        "DeclareClass(Class(A, -))"
    )


@pytest.mark.parametrize("source", ["@d() export class A {}", "export @d() class A {}", "@d() class A {}"])
def test_decorators_of_a_class(source: str) -> None:
    """Before or after ``export``."""
    assert "Class(A, -, [Call(d)])" in statements(source)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("const a = 1;\nconst = ;\nb();", "Call(b)"),
        ("a(;\nb();", "Call(b)"),
        ("class A { m() { x(} }\nb();", "Call(b)"),
        ("function f() { a(); \nb();", "Call(b)"),
        ("type T = ???;\nb();", "Call(b)"),
    ],
)
def test_a_syntax_error_keeps_the_rest(source: str, kept: str) -> None:
    """What stands around the fault is lowered."""
    assert kept in statements(source)


def test_lazily_the_bodies_of_functions_stay_out() -> None:
    """They are asked for later; what stands outside of functions is there."""
    functions = [
        node
        for node in ir.walk(lowered("const f = () => g(); function h() {}", lazy=True))
        if isinstance(node, ir.Function)
    ]
    assert [(function.name, function.body) for function in functions] == [("f", None), ("h", None)]


_PIECES = st.sampled_from(
    ["a", "(", ")", "{", "}", "[", "]", "=>", "=", ",", ";", "\n", "`", "${", "'", "await ", "async ", "function* f",
     "class A ", "extends ", "import ", "from 'm'", "export ", "default ", "const ", "for (", " of ", "if ", "else ",
     "switch (a) ", "case 1:", "try ", "catch ", "@d ", ": T", "<A>", "...", "?.", "new ", "yield ", "get ", "static "]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=30).map("".join), st.sampled_from(["javascript", "typescript", "tsx"]))
def test_any_text_is_lowered(source: str, language: str) -> None:
    """Nothing raises, and every place lies in the text."""
    for node in ir.walk(
        lowered(source, "tsx" if language == "tsx" else "typescript" if language == "typescript" else "javascript")
    ):
        assert 0 <= getattr(node, "at", 0) <= len(source.encode())

"""Every kind of expression is lowered to what it means."""

import math
import sys
from collections.abc import Iterator

import pytest

from extract.lowering import expression, lowered, written
from medpro_audit.facts import ir
from medpro_audit.facts.inventory import Language
from medpro_audit.pipeline import RECURSION_LIMIT


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1", "1"),
        ("1.5e3", "1500.0"),
        ("1_000n", "1000"),
        ("0x1f", "31"),
        ("0b11", "3"),
        ("0o17", "15"),
        ("017", "15"),
        ("9007199254740993", "9007199254740992.0"),
        ("0x" + "f" * 400, "inf"),
        ("'it\\'s\\n\\x41\\u0042\\u{1F600}\\\n.'", repr("it's\nAB😀.")),
        ("'\\ud83d'", repr("�")),
        ('"é"', repr("é")),
        ("null", "None"),
        ("true", "True"),
        ("undefined", "undefined"),
        ("/a\\/b/gi", "Regex(a\\/b, gi)"),
        ("`a${b}c`", "Template([a, b, c])"),
        ("`\\n${`x${y}`}`", "Template([\n, Template([x, y])])"),
        ("tag`x${1}`", "Tagged(tag, Template([x, 1]))"),
        ("this.a", "Member(This(), a)"),
        ("a.b.c", "Member(Member(a, b), c)"),
        ("a?.b?.['c']?.(d)", "Call(Index(Member(a, b), 'c'), [d])"),
        ("a[b + 1]", "Index(a, Binary(+, b, 1))"),
        ("this.#a", "Member(This(), #a)"),
        ("a(b, ...c, /* none */ d)", "Call(a, [b, Spread(c), d])"),
        ("new A(b)", "New(A, [b])"),
        ("new a.B", "New(Member(a, B))"),
        ("import('a')", "Call(import, ['a'])"),
        ("import.meta.url", "Member(import.meta, url)"),
        ("[1, , 2, ...a]", "Array([1, -, 2, Spread(a)])"),
        ("{ a: 1, b, 'c-d': 2, 3: 4 }", ("Object([Property(value, a, 1), Property(value, b, b), "
                                        "Property(value, c-d, 2), Property(value, 3, 4)])")),
        ("{ [a]: 1, ['b']: 2, ...c }", "Object([Property(value, a, 1), Property(value, b, 2), Property(spread, c)])"),
        ("{ f() {}, get g() { return 1 }, set h(v) {} }",
         ("Object([Property(value, f, Function(f)), Property(get, g, Function(g, [Return(1)])), "
         "Property(set, h, Function(h, [Parameter(v)]))])")),
        ("a => ({ a })", "Function(x, [Parameter(a)], [Return(Object([Property(value, a, a)]))], is_arrow=True)"),
        ("async (a, b = 1, ...c) => {}", ("Function(x, [Parameter(a), Parameter(Default(b, 1)), Parameter(Rest(c))], "
                                         "is_async=True, is_arrow=True)")),
        ("function f() {}", "Function(f)"),
        ("async function* () {}", "Function(x, is_async=True, is_generator=True)"),
        ("function* () { yield 1; yield* a; yield }",
         "Function(x, [Evaluate(Yield(1)), Evaluate(Yield(Spread(a))), Evaluate(Yield(-))], is_generator=True)"),
        ("class A extends B {}", "Class(A, B)"),
        ("class extends mix(B) {}", "Class(Call(mix, [B]))"),
        ("a && b || c ?? d", "Binary(??, Binary(||, Binary(&&, a, b), c), d)"),
        ("a instanceof B", "Binary(instanceof, a, B)"),
        ("'k' in a", "Binary(in, 'k', a)"),
        ("!typeof a", "Unary(!, Unary(typeof, a))"),
        ("a++", "Unary(++, a)"),
        ("--a.b", "Assign(Member(a, b), -=, 1)"),
        ("a = b = 1", "Assign(a, =, Assign(b, =, 1))"),
        ("a.b ??= c", "Assign(Member(a, b), ??=, c)"),
        ("({ a, b: [c], ...d } = e)", ("Assign(ObjectPattern([PatternEntry(a, a), "
                                      "PatternEntry(b, ArrayPattern([c]))], d), =, e)")),
        ("[a.b, c = 1, , ...d] = e", "Assign(ArrayPattern([Member(a, b), Default(c, 1), -, Rest(d)]), =, e)"),
        ("a ? b : c", "Conditional(a, b, c)"),
        ("(a, b, c)", "Sequence([a, b, c])"),
        ("((a))", "a"),
        ("await a.b()", "Await(Call(Member(a, b)))"),
    ],
)  # fmt: skip
def test_an_expression_keeps_its_meaning(source: str, expected: str) -> None:
    """Parentheses and comments are gone; a function takes the name of what it is assigned to."""
    assert expression(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a as B", "a"),
        ("<B>a", "a"),
        ("a!", "a"),
        ("a!.b!()", "Call(Member(a, b))"),
        ("a satisfies B<C>", "a"),
        ("f<T>(a)", "Call(f, [a])"),
        ("(a as unknown as B).c", "Member(a, c)"),
        ("{ a: 1 } as const", "Object([Property(value, a, 1)])"),
        ("(a: A, b?: B): C => a", "Function(x, [Parameter(a, A), Parameter(b, B)], [Return(a)], is_arrow=True)"),
        ("function (this: A, b: B) {}", "Function(x, [Parameter(b, B)])"),
        ("async <T,>(a: T) => {}", "Function(x, [Parameter(a, T)], is_async=True, is_arrow=True)"),
    ],
)
def test_types_are_stripped(source: str, expected: str) -> None:
    """What TypeScript adds to an expression is gone, but for the name of a parameter's type."""
    assert expression(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("await (f)().y", "Await(Member(Call(f), y))"),
        ("await (x).y()", "Await(Call(Member(x, y)))"),
        ("(await x).y", "Member(Await(x), y)"),
        ("await (await f()).g()", "Await(Call(Member(Await(Call(f)), g)))"),
        ("await (a || b).c[0]()", "Await(Call(Index(Member(Binary(||, a, b), c), 0)))"),
        ("await (f(a))", "Await(Call(f, [a]))"),
    ],
)
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_await_before_parentheses_is_no_call(source: str, expected: str, language: Language) -> None:
    """As the language has it, also where the JavaScript grammar reads a function named ``await``."""
    [statement] = lowered(f"async () => {{ {source} }}", language)
    assert written(statement) == f"Evaluate(Function([Evaluate({expected})], is_async=True, is_arrow=True))"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("<A b={c} d='e' {...f}>{g()} & <H i={j}/></A>", ["c", "f", "g", "j"]),
        ("<>{a}{/* nothing */}</>", ["a"]),
        ("<p>salt & pepper</p>", []),
        ("<A b={() => <C>{d}</C>}/>", ["d"]),
    ],
)
def test_jsx_keeps_what_stands_in_braces(source: str, names: list[str]) -> None:
    """It may hold calls; the elements themselves mean nothing here."""
    nodes = ir.walk(lowered(f"({source})", "tsx"))
    assert [node.id for node in nodes if isinstance(node, ir.Name)] == names


def test_a_link_of_a_chain_has_its_own_place() -> None:
    """``at`` of a member call is where the name stands, so that each line of a chain is told apart."""
    source = "app\n  .get(a)\n  .post(b);"
    [statement] = lowered(source)
    assert isinstance(statement, ir.Evaluate)
    assert isinstance(statement.value, ir.Call)
    calls = [node for node in ir.walk(statement) if isinstance(node, ir.Call)]
    assert [source[call.at : call.at + 4] for call in calls] == ["post", "get("]
    assert {call.end for call in calls} == {source.index("\n  .post"), len(source) - 1}


def test_large_integers_are_what_javascript_makes_of_them() -> None:
    """A number of four hundred digits must not cost more than one of four."""
    [statement] = lowered("1" + "0" * 400)
    assert isinstance(statement, ir.Evaluate)
    assert isinstance(statement.value, ir.Literal)
    assert statement.value.value == math.inf


@pytest.fixture
def deep() -> Iterator[None]:
    """As much of the stack as a scan has."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(RECURSION_LIMIT)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("deep")
@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("[", "]"), ("!", ""), ("f(", ")"), ("{a:", "}"), ("a=>", "")]
)
def test_very_deep_nesting_is_cut_off(opening: str, closing: str) -> None:
    """Below a depth that nobody writes an expression is opaque; parentheses are no nesting."""
    found = lowered(f"x = {opening * 3_000}1{closing * 3_000}; after()")
    assert written(found[-1]) == "Evaluate(Call(after))"
    assert any(isinstance(node, ir.Opaque) for node in ir.walk(found)) is (opening != "(")

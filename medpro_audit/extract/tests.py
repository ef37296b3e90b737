"""Suites and cases of a file of tests, found by searching its text for the names that test frameworks give them.

Covers the calls of Jest, Vitest, Mocha (BDD and TDD), Jasmine, node:test, AVA, tap, tape, Cypress and Playwright.
Whether a name really is the framework's, the model decides: here it is enough that it is called like one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from medpro_audit.extract.bound_names import bound_by_import, bound_by_pattern, outermost
from medpro_audit.extract.lower import FUNCTIONS
from medpro_audit.extract.recipes import is_recipe
from medpro_audit.extract.syntax import Node
from medpro_audit.facts.file import ImportFact
from medpro_audit.facts.tests import BlockKind, ImportUse, TestBlock, TestFacts

MAX_CALLS = 30
"""Calls of a case without an assertion that are named."""
MAX_USES = 40
"""Exports of one module of which it is noted that they are called."""
MAX_MENTIONS = 200
"""Places where an imported name stands that are looked at."""
_MAX_TITLE = 160

_KINDS: dict[str, BlockKind] = {
    "describe": "suite",
    "context": "suite",
    "suite": "suite",
    "it": "case",
    "test": "case",
    "specify": "case",
    "before": "hook",
    "after": "hook",
    "beforeEach": "hook",
    "afterEach": "hook",
    "beforeAll": "hook",
    "afterAll": "hook",
    "setup": "hook",
    "teardown": "hook",
    "suiteSetup": "hook",
    "suiteTeardown": "hook",
}
_FOCUSED = {
    "fdescribe": "describe",
    "fcontext": "context",
    "fit": "it",
    "ftest": "test",
    "ddescribe": "describe",
    "iit": "it",
}
_SKIPPED = {"xdescribe": "describe", "xcontext": "context", "xit": "it", "xtest": "test", "xspecify": "specify"}
_MARKS = {
    "only": "only",
    "skip": "skip",
    "todo": "todo",
    "each": "each",
    "for": "each",
    "failing": "failing",
    "fails": "failing",
    "fail": "failing",
    "fixme": "skip",
    "skipIf": "maybe",
    "runIf": "maybe",
}
"""What a member or an option of that name says."""
_NEUTRAL = frozenset(("concurrent", "serial", "sequential", "parallel", "shuffle", "describe", "cb", "default", "live"))
"""Members that still make a block; others, such as ``test.use``, don't."""
_FATEFUL = frozenset(("only", "skip"))
_OPTIONS = ("only", "skip", "todo")
_TEMPLATES = frozenset(("string", "template_string"))


def _is_no_case(name: str) -> bool:
    return _KINDS[_FOCUSED.get(name) or _SKIPPED.get(name) or name] != "case"


# Each begins with a literal, which the engine skips to at the speed of memchr.
_NAMES = tuple(
    re.compile(name.encode() + rb"(?<![\w$.]" + name.encode() + rb")(?=\s*(?:\.\w+\s*)*[(`])")
    for name in sorted((*_KINDS, *_FOCUSED, *_SKIPPED), key=_is_no_case)
)
"""Those of cases first: a file without one has no tests."""
_CASE_NAMES = sum(not _is_no_case(name) for name in (*_KINDS, *_FOCUSED, *_SKIPPED))
_SUBTEST = re.compile(rb"\b(?:t|tap)\.(test)\s*\(")
_ASSERTING = (
    re.compile(rb"(expect)(?<![\w$]expect)\w*\s*[.(<]"),
    re.compile(rb"(assert)(?<![\w$]assert)\w*\s*[.(]"),
    re.compile(rb"\.(expect)\w*\s*\("),
    # Of Node's assert, under whatever name it was imported.
    re.compile(
        rb"(?<!assert)\.(deepStrictEqual|notDeepStrictEqual|strictEqual|notStrictEqual|doesNotThrow|doesNotReject|throws|rejects)\s*\("
    ),
    re.compile(rb"\.(should)\b"),
    re.compile(rb"(should)(?<![\w$.]should)\s*[.(]"),
    re.compile(rb"(throw)(?<![\w$.]throw)\s"),
    re.compile(rb"cy\.(\w+)(?<![\w$.]cy\.)"),
    re.compile(
        rb"\bt\.(is|not|true|false|truthy|falsy|assert|equal|equals|notEqual|same|notSame|strictSame|deepEqual|deepEquals|like"
        rb"|match|notMatch|regex|notRegex|throws|throwsAsync|doesNotThrow|rejects|resolves|snapshot|pass|fail|ok|notOk|has"
        rb"|hasStrict|error|ifError|matchSnapshot|type|ticks|plan|end)\s*\("
    ),
)
_NO_ASSERTION = frozenset(
    (  # noqa: SIM905 - a table of words
        "anything any objectContaining arrayContaining stringContaining stringMatching closeTo extend assertions "
        "hasAssertions not addSnapshotSerializer setState getState"
    ).split()
)
"""Members of ``expect`` that assert nothing themselves."""
_MOCKING = re.compile(r"(?:^|\.)(?:mock|and|returns|resolves|rejects|withArgs|restore|reset|calls)\w*$")
_WORD = frozenset(bytes([code]) for code in b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
_WORD_OR_DOT = _WORD | {b"."}
_ACTUAL = frozenset(("requireActual", "importActual", "unmock", "dontMock", "doUnmock"))
_PATH = re.compile(rb"[\"'`](?:/[A-Za-z:$]|https?://|\$\{\w+\}/)")
_CLIENTS = {"fetch": b"fetch(", "cy": b"cy."}
_SPYING = frozenset(("spyOn", "stub", "replace", "mocked", "spy", "mock", "createStubInstance", "fake"))


class _Call(NamedTuple):
    """A call of a test framework's function, as it is written."""

    node: Node
    members: tuple[str, ...]


def find_tests(source: bytes, root: Node, imports: Iterable[ImportFact]) -> TestFacts | None:
    """Suites, cases and hooks of a file; None when it has none."""
    if all(pattern.search(source) is None for pattern in (*_NAMES[:_CASE_NAMES], _SUBTEST)):
        return None
    return _Reading(source, root).tests(imports)


class _Reading:
    def __init__(self, source: bytes, root: Node) -> None:
        self._source = source
        self._root = root

    def tests(self, imports: Iterable[ImportFact]) -> TestFacts | None:
        blocks = sorted(self._blocks(), key=lambda block: (block.at, -block.end))
        if not any(block.kind == "case" for block in blocks):
            return None
        candidates = sorted(set(self._candidates()))
        counted = tuple(self._with_assertions(block, candidates) for block in blocks)
        uses = tuple(self._use(each) for each in imports if each.kind in {"import", "require", "dynamic", "mock"})
        clients = tuple(name for name, text in _CLIENTS.items() if text in self._source)
        has_paths = _PATH.search(self._source) is not None
        return TestFacts(counted, len(candidates), tuple(use for use in uses if use is not None), clients, has_paths)

    # Blocks

    def _blocks(self) -> Iterator[TestBlock]:
        for pattern in _NAMES:
            for match in pattern.finditer(self._source):
                node = self._named(*match.span())
                call = self._call(node) if node is not None and node.type == "identifier" else None
                block = self._block(call, match[0].decode()) if call is not None else None
                if block is not None:
                    yield block
        for match in _SUBTEST.finditer(self._source):
            node = self._named(*match.span(1))
            member = node.parent if node is not None and node.type == "property_identifier" else None
            call = self._call(member) if member is not None else None
            block = self._block(call, "test") if call is not None else None
            if block is not None:
                yield block

    def _call(self, node: Node) -> _Call | None:
        """The outermost call of a chain such as ``it.each(rows)``, or of a template that is called."""
        members: list[str] = []
        callee, parent = node, node.parent
        found: Node | None = None
        while parent is not None:
            if parent.type == "member_expression" and parent.child_by_field_name("object") == callee:
                if found is not None:
                    break
                members.append(self._text(parent.child_by_field_name("property")))
            elif parent.type == "call_expression" and parent.child_by_field_name("function") == callee:
                found = parent
            else:
                break
            callee, parent = parent, parent.parent
        return _Call(found, tuple(members)) if found is not None else None

    def _block(self, call: _Call, name: str) -> TestBlock | None:
        root = _FOCUSED.get(name) or _SKIPPED.get(name) or name
        kind = _KINDS[root]
        marks = {_MARKS[member] for member in call.members if member in _MARKS}
        marks |= {"only"} if name in _FOCUSED else {"skip"} if name in _SKIPPED else set()
        for member in call.members:
            if member in _KINDS:  # test.describe, test.beforeEach
                kind = _KINDS[member] if member != "each" else kind
            elif member not in _MARKS and member not in _NEUTRAL:
                return None
        arguments = _arguments(call.node)
        titles = [node for node in arguments[:1] if node.type in _TEMPLATES or node.type == "binary_expression"]
        function = _function_in(arguments)
        if kind == "case" and not titles and function is None:
            return None  # a call of something else that has the same name: test(), it()
        if kind == "hook" and function is None:
            return None
        marks |= {option for node in arguments if node.type == "object" for option in self._options(node)}
        if marks & _FATEFUL and is_recipe(call.node, self._source):
            marks = marks - _FATEFUL | {"maybe"}
        others = [node for node in arguments if node not in titles and node.type not in {"object", "number"}]
        return TestBlock(
            kind=kind,
            at=call.node.start_byte,
            end=call.node.end_byte,
            name=".".join((name, *call.members)),
            title=self._text(titles[0])[1:-1][:_MAX_TITLE] if titles else "",
            marks=tuple(sorted(marks)),
            function=function.start_byte if function is not None else -1,
            has_body=bool(others),
            takes_callback=function is not None and _has_parameter(function),
        )

    def _options(self, node: Node) -> Iterator[str]:
        """``{ skip: true }`` and ``{ only: true }`` of node:test and Vitest."""
        for pair in node.named_children:
            if pair.type == "pair":
                name = self._text(pair.child_by_field_name("key"))
                value = pair.child_by_field_name("value")
                if name in _OPTIONS and value is not None and value.type not in {"false", "undefined"}:
                    yield name if value.type in {"true", *_TEMPLATES} else "maybe"

    # Assertions

    def _candidates(self) -> Iterator[int]:
        """Where something stands that looks like an assertion."""
        for pattern in _ASSERTING:
            for match in pattern.finditer(self._source):
                yield match.start(1)

    def _is_assertion(self, at: int) -> bool:
        node = self._root.descendant_for_byte_range(at, at + 1)
        if node is None:
            return False
        if node.type == "throw":
            return True
        if node.type not in {"identifier", "property_identifier"}:
            return False
        parent = node.parent
        if parent is not None and parent.type == "member_expression" and parent.child_by_field_name("object") == node:
            member = self._text(parent.child_by_field_name("property"))
            return member not in _NO_ASSERTION
        if parent is not None and parent.type == "member_expression":
            return self._text(parent.child_by_field_name("object")) != "console"
        return parent is not None and parent.type == "call_expression"

    def _with_assertions(self, block: TestBlock, candidates: Sequence[int]) -> TestBlock:
        """Only the first of a block's candidates that is one is confirmed: there are far more of them than cases."""
        if block.kind != "case":
            return block
        first, last = bisect_left(candidates, block.at + 1), bisect_left(candidates, block.end)
        while first < last and not self._is_assertion(candidates[first]):
            first += 1
        count = last - first
        calls = () if count else tuple(self._calls(block))
        return replace(block, assertions=count, calls=calls)

    def _calls(self, block: TestBlock) -> Sequence[str]:
        found: dict[str, None] = {}
        for match in _CALLED.finditer(self._source, block.at + 1, block.end):
            node = self._named(*match.span(1))
            callee = node.parent if node is not None and node.type == "property_identifier" else node
            call = callee.parent if callee is not None else None
            if node is None or call is None or call.type not in {"call_expression", "new_expression"}:
                continue
            if call.start_byte != block.at and callee is not None:
                found[_short(self._text(callee))] = None
        return list(found)[:MAX_CALLS]

    # Imports

    def _use(self, fact: ImportFact) -> ImportUse | None:
        string = self._root.descendant_for_byte_range(fact.start - 1, fact.end + 1)
        while string is not None and string.type not in _TEMPLATES:
            string = string.parent
        holder = string.parent if string is not None else None
        if holder is None:
            return None
        if holder.type == "import_statement":
            return self._use_of(fact, bound_by_import(holder, self._text))
        call = holder.parent if holder.type == "arguments" else None
        if call is None or call.type != "call_expression":
            return None
        if fact.kind == "mock":
            loader = self._text(call.child_by_field_name("function"))
            if loader.rpartition(".")[2] in _ACTUAL:
                return ImportUse(fact.start, ("*",))
            if loader != "proxyquire":
                return None
        return self._use_of_call(fact, call)

    def _use_of_call(self, fact: ImportFact, call: Node) -> ImportUse:
        """Of ``require(…)`` or ``await import(…)``: what is done with it at once, or with the names it is bound to."""
        value, members = outermost(call, self._text)
        parent = value.parent
        if parent is None or parent.type == "expression_statement":
            return ImportUse(fact.start, ())
        if parent.type == "new_expression" or (
            parent.type == "call_expression" and parent.child_by_field_name("function") == value
        ):
            return ImportUse(fact.start, (members or "*",))
        field = {"variable_declarator": "name", "assignment_expression": "left"}.get(parent.type)
        if field is None:
            return ImportUse(fact.start, None)
        return self._use_of(fact, bound_by_pattern(parent.child_by_field_name(field), members, self._text))

    def _use_of(self, fact: ImportFact, bound: dict[str, str] | None) -> ImportUse:
        if bound is None:
            return ImportUse(fact.start, None)
        found = {called for local, imported in bound.items() for called in self._called(local, imported)}
        return ImportUse(fact.start, tuple(sorted(found)[:MAX_USES]), tuple(sorted(bound)))

    def _called(self, local: str, imported: str) -> Iterator[str]:
        for start, end in self._mentions(local.encode()):
            node = self._named(start, end)
            name = self._called_at(node, imported) if node is not None and node.type == "identifier" else None
            if name is not None:
                yield name
                if name == imported:
                    return  # a function: there is nothing more to learn of it

    def _mentions(self, word: bytes) -> Iterator[tuple[int, int]]:
        """Where a whole word stands; there are too many words to compile a pattern for each."""
        source, at = self._source, -1
        for _ in range(MAX_MENTIONS):
            at = source.find(word, at + 1)
            if at == -1:
                return
            end = at + len(word)
            if source[at - 1 : at] not in _WORD_OR_DOT and source[end : end + 1] not in _WORD:
                yield at, end

    def _called_at(self, node: Node, imported: str) -> str | None:
        """The export that is called where an imported name stands; None when none is."""
        callee, parent, path = node, node.parent, "" if imported == "*" else imported
        while (
            parent is not None and parent.type == "member_expression" and parent.child_by_field_name("object") == callee
        ):
            path = f"{path}.{self._text(parent.child_by_field_name('property'))}"
            callee, parent = parent, parent.parent
        if parent is None or _MOCKING.search(path):
            return None
        if parent.type == "call_expression" and parent.child_by_field_name("function") == callee:
            return path.lstrip(".") or "*"
        if parent.type == "new_expression":
            return path.lstrip(".") or "*"
        if parent.type == "arguments" and parent.parent is not None:
            function = self._text(parent.parent.child_by_field_name("function"))
            return None if function.rpartition(".")[2] in _SPYING else path.lstrip(".") or "*"
        return None

    def _named(self, start: int, end: int) -> Node | None:
        node = self._root.descendant_for_byte_range(start, end)
        return node if node is not None and (node.start_byte, node.end_byte) == (start, end) else None

    def _text(self, node: Node | None) -> str:
        return self._source[node.start_byte : node.end_byte].decode("utf-8", "replace") if node is not None else ""


_CALLED = re.compile(rb"([\w$]+)\s*\(")


def _short(callee: str) -> str:
    """The first and the last name of a callee."""
    names = re.findall(r"[\w$]+", callee.split("(", 1)[0])
    last = re.findall(r"[\w$]+", callee)[-1:]
    return ".".join(dict.fromkeys((*names[:1], *last)))


def _arguments(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments":
        return []
    return [node for node in arguments.named_children if node.type != "comment"]


def _function_in(arguments: Sequence[Node]) -> Node | None:
    """The function that a block is given, also one that is wrapped in a call."""
    for node in reversed(arguments):
        if node.type in FUNCTIONS:
            return node
        if node.type == "call_expression":
            inner = _function_in(_arguments(node))
            if inner is not None:
                return inner
    return None


def _has_parameter(function: Node) -> bool:
    if function.child_by_field_name("parameter") is not None:
        return True
    parameters = function.child_by_field_name("parameters")
    return parameters is not None and bool(parameters.named_children)

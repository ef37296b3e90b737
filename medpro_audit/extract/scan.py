"""The facts of one file: a text search picks candidate offsets in C, the tree confirms each.

A word in a comment or string is not a candidate's node type, so nothing is taken from there. This touches a few nodes
per file from Python, where a walk or a query touches hundreds of thousands.
"""

import re
from array import array
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.extract.bindings import Binder
from medpro_audit.extract.constructs.modules import is_type_only
from medpro_audit.extract.decoding import decode_to_utf8
from medpro_audit.extract.guarded import Guarded, guarded
from medpro_audit.extract.interests import Interest, interests
from medpro_audit.extract.lower import FUNCTIONS, Lowering, function_at
from medpro_audit.extract.queries import NO_QUERIES, Queries, run_queries
from medpro_audit.extract.syntax import Node, Tree, faults, parse
from medpro_audit.extract.tests import find_tests
from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact, CatchFact, FileFacts, ImportFact, ImportKind, TextFact
from medpro_audit.facts.inventory import Language

_LEVELS = (
    rb"log|trace|debug|verbose|silly|http|info|notice|warn|warning|error|fatal|success"
    rb"|crit|critical|alert|emerg|emergency|severe|exception"
)
_MOCKS = rb"mock|doMock|unmock|dontMock|unstable_mockModule|requireActual|requireMock|importActual|resolve"
_OF_CONSOLE = rb"assert|count|dir|dirxml|group|groupCollapsed|table|timeEnd|timeLog"
_OF_DOCUMENT = rb"getElementById|querySelector|querySelectorAll|createElement|addEventListener|documentElement"
_OF_WINDOW = rb"location|document|addEventListener|localStorage|sessionStorage|matchMedia|innerWidth|innerHeight"

# What is looked for: a pattern whose group is the node to confirm. Each begins with a literal, which the engine skips
# to at the speed of memchr; an alternation at the front is a hundred times slower.
_SEARCHES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern), kind)
    for kind, pattern in (
        ("import", rb"(require)(?![\w$])"),
        ("import", rb"(import)(?![\w$])"),
        ("import", rb"(export)(?![\w$])"),
        ("import", rb"(proxyquire)(?![\w$])"),
        ("mock", rb"\.(" + _MOCKS + rb")\s*[(<]"),
        ("log", rb"\.(" + _LEVELS + rb")\s*\("),
        ("log", rb"console\.(" + _OF_CONSOLE + rb")\s*\("),
        ("page", rb"(document\.(?:" + _OF_DOCUMENT + rb"))(?![\w$])"),
        ("page", rb"(window\.(?:" + _OF_WINDOW + rb"))(?![\w$])"),
        ("page", rb"(localStorage\.(?:getItem|setItem|removeItem))(?![\w$])"),
        ("catch", rb"(catch)(?![\w$])"),
    )
)
_WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
_MOCKERS = {"jest", "vi", "vitest"}
_EXPORTED = (
    rb"\s*(?:[{*=@]|/[*/]|(?:abstract|as|async|class|const|declare|default|enum|function|import|interface|let|module"
    rb"|namespace|type|var)\b)"
)
"""What follows the keyword ``export``, and not the word in a text."""
_EXPORTS = (re.compile(rb"exports(?<![\w$]exports)(?![\w$])"), re.compile(rb"export(?<![\w$.]export)" + _EXPORTED))
"""What a module that offers something contains; a literal first, as above."""
_ASKS_IF_STARTED = re.compile(
    rb"require\.main\s*===?\s*module|module\s*===?\s*require\.main|import\.meta\.main\b"
    rb"|import\.meta\.url\s*===?[^;\n]*process\.argv|process\.argv\[1\]\s*===?[^;\n]*import\.meta\.url"
)
"""How a module asks whether it was started itself: https://nodejs.org/api/modules.html#accessing-the-main-module."""
_FEW = 3  # statements of a catch clause that may do nothing but tell of it


class _Collected(NamedTuple):
    imports: list[ImportFact]
    log_calls: list[CallFact]
    catches: list[CatchFact]
    pages: list[int]
    """Where it works on a web page."""
    calls: dict[str, list[CallFact]]
    texts: dict[str, list[TextFact]]


class SourceText:
    """One parsed file: answers for its facts, its module code and the bodies of its functions."""

    def __init__(self, path: str, raw: bytes, language: Language) -> None:
        decoded = decode_to_utf8(raw, path)
        self.path = path
        self.source = decoded.text or b""
        self.is_text = decoded.text is not None
        self.tree: Tree
        self.tree, self.language = parse(self.source, language)
        self._decoding = (decoded.notice,) if decoded.notice is not None else ()

    def module(self) -> tuple[ir.Statement, ...]:
        """Lower the top level; function bodies stay out."""
        return Lowering(self.source, lazy=True).block(self.tree.root_node.named_children)

    def function_body(self, start: int, end: int) -> tuple[ir.Statement, ...]:
        """Lower the body of the function with this byte range, all of it."""
        node = function_at(self.tree.root_node, start, end)
        return Lowering(self.source, lazy=False).function_body(node) if node is not None else ()

    def facts(self, queries: Queries = NO_QUERIES) -> FileFacts:
        """Collect what is taken from every file, in one search of its text, and where queries match."""
        collected = _Collected([], [], [], [], {}, {})
        root = self.tree.root_node
        for start, end, kind in sorted(set(self._candidates())):
            node = root.descendant_for_byte_range(start, end)
            if node is not None and node.start_byte == start and node.end_byte == end:
                _CONFIRM[kind](self, node, collected)
        self._look_for_interests(root, collected)
        matches, limits = run_queries(queries, self.tree, self.language, self.path) if queries else ([], [])
        receivers = (fact.call.callee.object for fact in collected.log_calls if isinstance(fact.call.callee, ir.Member))
        return FileFacts(
            path=self.path,
            language=self.language,
            size=len(self.source),
            line_starts=_line_starts(self.source),
            imports=tuple(collected.imports),
            log_calls=tuple(collected.log_calls),
            catches=tuple(collected.catches),
            shebang=self.source.startswith(b"#!"),
            notices=(*self._decoding, *self._syntax_notices(), *limits),
            bindings=Binder(self.source, root).bindings(receivers),
            exports=any(pattern.search(self.source) is not None for pattern in _EXPORTS),
            uses_page=bool(collected.pages),
            asks_if_started=_ASKS_IF_STARTED.search(self.source) is not None,
            is_text=self.is_text,
            calls={kind: tuple(calls) for kind, calls in collected.calls.items()},
            matches=tuple(matches),
            texts={kind: tuple(texts) for kind, texts in collected.texts.items()},
            tests=find_tests(self.source, root, collected.imports),
        )

    def _candidates(self) -> Iterator[tuple[int, int, str]]:
        """Byte ranges that may be what is looked for, each with its kind; whole words only."""
        source = self.source
        for pattern, kind in _SEARCHES:
            for match in pattern.finditer(source):
                start, end = match.span(1)
                if not (start and source[start - 1] in _WORD_BYTES):
                    yield start, end, kind

    def _look_for_interests(self, root: Node, out: _Collected) -> None:
        """Collect what the surveys ask for, in the order of the source, each thing once for each kind."""
        words = set(_WORDS.findall(self.source))
        found = sorted(
            {
                (match.start(1), match.end(1), kind, what)
                for kind, pattern, what, names in _interests()
                if names is None or not names.isdisjoint(words)
                for match in pattern.finditer(self.source)
            }
        )
        seen: set[tuple[str, int]] = set()
        for start, end, kind, what in found:
            node = root.descendant_for_byte_range(start, end)
            taken = _TAKE[what](node, start, end) if node is not None else None
            if taken is not None and (kind, taken.start_byte) not in seen:
                seen.add((kind, taken.start_byte))
                if what == "call":
                    fact = self._call_fact(taken)
                    if fact is not None:
                        out.calls.setdefault(kind, []).append(fact)
                else:
                    out.texts.setdefault(kind, []).append(self._text_fact(taken))

    def _text_fact(self, node: Node) -> TextFact:
        functions, _ = self._surroundings(node)
        text = self._text(node)
        return TextFact(
            node.start_byte,
            node.end_byte,
            text if node.type == "comment" else text[1:-1],
            functions[0] if functions else -1,
        )

    def _syntax_notices(self) -> Iterator[Notice]:
        first = next(faults(self.tree), None) if self.tree.root_node.has_error else None
        if first is not None:
            row, column = first.start_point
            place = Place(self.path, row + 1, column + 1)
            yield Notice("syntax-error", "the code here could not be read; the rest of the file was", place)

    # Confirmation of candidates

    def _confirm_import(self, node: Node, out: _Collected) -> None:
        parent = node.parent
        if parent is not None and parent.type == "import":  # of import(…): the keyword stands in a node of its own
            node, parent = parent, parent.parent
        if parent is None:
            return
        if parent.type == "import_statement":
            self._add_specifier(_source_of(parent), "type" if _is_erased(parent, self.source) else "import", out)
        elif parent.type == "export_statement":
            self._add_specifier(_source_of(parent), "type" if _is_erased(parent, self.source) else "re-export", out)
        elif parent.type == "call_expression" and parent.child_by_field_name("function") == node:
            kinds: dict[str, ImportKind] = {"import": "dynamic", "proxyquire": "mock"}
            self._add_specifier(_first_argument(parent), kinds.get(self._text(node), "require"), out)

    def _confirm_mock(self, node: Node, out: _Collected) -> None:
        member = node.parent
        call = member.parent if member is not None else None
        receiver = member.child_by_field_name("object") if member is not None else None
        if call is None or receiver is None or call.type != "call_expression":
            return
        name = self._text(receiver)
        if name == "require" and self._text(node) == "resolve":
            self._add_specifier(_first_argument(call), "resolve", out)
        elif name in _MOCKERS and self._text(node) != "resolve":
            self._add_specifier(_first_argument(call), "mock", out)

    def _confirm_log(self, node: Node, out: _Collected) -> None:
        call = _call_of(node)
        if call is not None and call.type == "call_expression" and node.type == "property_identifier":
            fact = self._call_fact(call)
            if fact is not None:
                out.log_calls.append(fact)

    def _confirm_page(self, node: Node, out: _Collected) -> None:
        if node.type == "member_expression":
            out.pages.append(node.start_byte)

    def _confirm_catch(self, node: Node, out: _Collected) -> None:
        clause = node.parent
        if clause is None:
            return
        if clause.type == "catch_clause":
            self._add_catch(clause, clause.child_by_field_name("parameter"), out)
            return
        call = _call_of(node)
        callback = _first_argument(call) if call is not None else None
        if callback is not None and callback.type in {"arrow_function", "function_expression"}:
            self._add_catch(callback, _first_parameter(callback), out)

    def _add_catch(self, node: Node, parameter: Node | None, out: _Collected) -> None:
        lowering = Lowering(self.source, lazy=False)
        name = self._text(parameter) if parameter is not None and parameter.type == "identifier" else ""
        body = lowering.function_body(node)
        found = guarded(node, self.source) if len(body) <= _FEW else Guarded((), ())
        out.catches.append(CatchFact(node.start_byte, node.end_byte, name, body, *found))

    def _add_specifier(self, node: Node | None, kind: ImportKind, out: _Collected) -> None:
        is_constant = node is not None and (
            node.type == "string" or (node.type == "template_string" and not _has_substitution(node))
        )
        if node is not None and is_constant:
            text = self.source[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")
            out.imports.append(ImportFact(text, kind, node.start_byte + 1, node.end_byte - 1))

    def _call_fact(self, node: Node) -> CallFact | None:
        call = Lowering(self.source, lazy=False).expression(node)
        if isinstance(call, ir.Await):  # ``await (await connect()).query()`` is parsed as a call of ``await``
            call = call.value
        if not isinstance(call, ir.Call | ir.New):
            return None
        functions, caught = self._surroundings(node)
        return CallFact(call, functions[-1] if functions else -1, caught, functions)

    def _surroundings(self, node: Node) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Starts of the functions around a node, and the names of the errors caught around it, innermost first."""
        functions: list[int] = []
        caught: list[str] = []
        current = node.parent
        while current is not None:
            kind = current.type
            if kind in FUNCTIONS:
                functions.append(current.start_byte)
                if _is_catch_callback(current, self.source):
                    caught.append(self._name_of(_first_parameter(current)))
            elif kind == "catch_clause":
                caught.append(self._name_of(current.child_by_field_name("parameter")))
            current = current.parent
        return tuple(functions), tuple(caught)

    def _name_of(self, node: Node | None) -> str:
        return self._text(node) if node is not None else ""

    def _text(self, node: Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")


_CONFIRM: dict[str, Callable[[SourceText, Node, _Collected], None]] = {
    "import": SourceText._confirm_import,
    "mock": SourceText._confirm_mock,
    "log": SourceText._confirm_log,
    "page": SourceText._confirm_page,
    "catch": SourceText._confirm_catch,
}


_WORDS = re.compile(rb"[A-Za-z_$][\w$]*")
_NAMES = re.compile(rb"\((?!\?)([\w$|]+)\)")
"""The first group of a pattern, where it is one of a few names."""


@cache
def _interests() -> tuple[tuple[str, re.Pattern[bytes], str, frozenset[bytes] | None], ...]:
    """Kind, pattern, what to take, and of a call the names one of which a file must hold as a word: most hold none."""
    return tuple((each.kind, re.compile(each.pattern), each.what, _names(each)) for each in interests())


def _names(interest: Interest) -> frozenset[bytes] | None:
    found = _NAMES.search(interest.pattern) if interest.what == "call" else None
    return frozenset(found[1].split(b"|")) if found is not None else None


def _called(node: Node, start: int, end: int) -> Node | None:
    """The call of a name; a word that it is only a part of is none."""
    return _call_of(node) if (node.start_byte, node.end_byte) == (start, end) else None


def _string_around(node: Node, _start: int, _end: int) -> Node | None:
    around: Node | None = node
    while around is not None and around.type not in {"string", "template_string"}:
        if around.type not in {"string_fragment", "escape_sequence"}:
            return None
        around = around.parent
    return around


def _comment_around(node: Node, _start: int, _end: int) -> Node | None:
    return node if node.type == "comment" else None


_TAKE: dict[str, Callable[[Node, int, int], Node | None]] = {
    "call": _called,
    "string": _string_around,
    "comment": _comment_around,
}


def _line_starts(source: bytes) -> bytes:
    """Byte offset of each line after the first, as native unsigned 32-bit integers."""
    lengths = (len(line) + 1 for line in source.split(b"\n")[:-1])
    return array("I", accumulate(lengths)).tobytes()


def _call_of(node: Node) -> Node | None:
    """The call or ``new`` whose callee is this name, or a member chain that ends in it."""
    callee = node
    parent = node.parent
    if parent is not None and parent.type == "member_expression" and parent.child_by_field_name("property") == node:
        callee, parent = parent, parent.parent
    if parent is None:
        return None
    field = {"call_expression": "function", "new_expression": "constructor"}.get(parent.type)
    return parent if field is not None and parent.child_by_field_name(field) == callee else None


def _source_of(statement: Node) -> Node | None:
    source = statement.child_by_field_name("source")
    if source is None:
        clause = next((child for child in statement.named_children if child.type == "import_require_clause"), None)
        source = clause.child_by_field_name("source") if clause is not None else None
    return source


def _first_argument(call: Node) -> Node | None:
    arguments = call.child_by_field_name("arguments")
    return next((child for child in arguments.named_children if child.type != "comment"), None) if arguments else None


def _first_parameter(function: Node) -> Node | None:
    single = function.child_by_field_name("parameter")
    if single is not None:
        return single
    parameters = function.child_by_field_name("parameters")
    first = parameters.named_children[0] if parameters is not None and parameters.named_children else None
    return first.child_by_field_name("pattern") or first if first is not None else None


def _is_erased(statement: Node, source: bytes) -> bool:
    """Whether it says nothing at run time: ``import type``, or only ``type`` names between the braces."""
    if is_type_only(statement, source):
        return True
    clauses = [child for child in statement.named_children if child.type in {"import_clause", "export_clause"}]
    names = [item for clause in clauses for item in _specifiers(clause)]
    return bool(names) and all(any(child.type == "type" for child in name.children) for name in names)


def _specifiers(clause: Node) -> Iterator[Node]:
    for child in clause.named_children:
        if child.type == "named_imports":
            yield from child.named_children
        else:
            yield child


def _has_substitution(template: Node) -> bool:
    return any(child.type == "template_substitution" for child in template.named_children)


def _is_catch_callback(function: Node, source: bytes) -> bool:
    arguments = function.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    callee = call.child_by_field_name("function") if call is not None else None
    name = callee.child_by_field_name("property") if callee is not None else None
    return name is not None and source[name.start_byte : name.end_byte] == b"catch"

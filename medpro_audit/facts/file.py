"""Facts of one source file that are taken from every file, whether or not its code is ever followed."""

from bisect import bisect_right
from typing import Literal

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.facts.inventory import Language
from medpro_audit.facts.ir import Call, Expression, New, Statement
from medpro_audit.facts.tests import TestFacts

ImportKind = Literal["import", "require", "dynamic", "re-export", "resolve", "mock", "type"]


class ImportFact(Struct, frozen=True, array_like=True):
    """A place that names another module by a string."""

    specifier: str
    kind: ImportKind
    """``type``: erased at run time; ``mock``: jest.mock, vi.mock, proxyquire; ``resolve``: require.resolve."""
    start: int
    end: int
    """Byte range of the specifier between its quotes; what a rewrite replaces."""


class CallFact(Struct, frozen=True, array_like=True):
    """A call that rules ask about wherever it stands, lowered whole."""

    call: Call | New
    function: int
    """Start of the outermost function around it, -1 at module level."""
    caught: tuple[str, ...]
    """Names of the errors caught around it, innermost first."""
    enclosing: tuple[int, ...] = ()
    """Starts of all functions around it, innermost first."""


class TextFact(Struct, frozen=True, array_like=True):
    """A string, template or comment that somebody asked for."""

    at: int
    end: int
    """Byte range with its quotes or marks."""
    text: str
    """Source between the quotes, or the comment with its marks; substitutions of a template as they are written."""
    function: int = -1
    """Start of the innermost function around it, -1 at module level."""


class QueryMatch(Struct, frozen=True, array_like=True, order=True):
    """A place where the query of a syntax rule matches."""

    line: int
    column: int
    rule: str
    end_line: int
    snippet: str
    """Its source on one line, at most 160 characters."""


BindingKind = Literal["import", "value", "assigned", "parameter", "own"]


class Binding(Struct, frozen=True, array_like=True):
    """A declaration of a name on which a log call is made, or that leads to such a name."""

    name: str
    """``this.NAME`` for a property of the class around it."""
    kind: BindingKind
    """``own``: a function, class or object that the file itself declares."""
    at: int
    start: int
    end: int
    """Byte range in which it holds."""
    value: Expression | None = None
    """What it is made by; for a destructured one, what it is taken from."""
    keys: tuple[str, ...] = ()
    """Properties that lead from there to it, outermost first; empty for one that isn't named."""
    specifier: str = ""
    imported: str = ""
    """As in `ir.Import`; ``=`` for TypeScript's ``import x = require()``."""
    annotation: str = ""
    """Name of its type, such as ``winston.Logger``."""


class CatchFact(Struct, frozen=True, array_like=True):
    """A ``catch`` clause or a ``.catch(…)`` callback."""

    at: int
    end: int
    parameter: str
    """Empty when there is none or it is destructured."""
    body: tuple[Statement, ...]
    guards: tuple[str, ...] = ()
    """Of a clause of few statements: the function that each statement it guards calls, empty for one that does
    something else."""
    calls: tuple[str, ...] = ()
    """Of the same: all that is called there, by its last two names, ``await`` where something is waited for."""
    is_kept: bool = False
    """What ``.catch()`` follows is a promise in a variable, and nobody looks at what comes of the ``.catch()``."""


class FileFacts(Struct, frozen=True):
    """What one source file says."""

    path: str
    language: Language
    """The grammar that read it with the fewest errors."""
    size: int
    line_starts: bytes
    """Byte offset of each line after the first, as native unsigned 32-bit integers."""
    imports: tuple[ImportFact, ...]
    log_calls: tuple[CallFact, ...]
    catches: tuple[CatchFact, ...]
    shebang: bool
    notices: tuple[Notice, ...]
    bindings: tuple[Binding, ...] = ()
    """Declarations of what log calls are made on, sorted by name and range."""
    exports: bool = True
    """It offers something to other modules; a file that doesn't is run for what it does."""
    uses_page: bool = False
    """It works on a web page: ``document.querySelector``, ``window.location`` and the like."""
    asks_if_started: bool = False
    """It asks whether it was started by itself: ``require.main === module`` and the like."""
    is_text: bool = True
    """Binary content holds no code."""
    calls: dict[str, tuple[CallFact, ...]] = {}
    """Calls that `extract.interests` asks for, in order, by kind."""
    texts: dict[str, tuple[TextFact, ...]] = {}
    """Strings and comments that they ask for."""
    matches: tuple[QueryMatch, ...] = ()
    """Where the queries of syntax rules match."""

    tests: TestFacts | None = None
    """Its suites and cases; None when it has none."""

    @property
    def is_understood(self) -> bool:
        """Whether all of it was read as code."""
        return self.is_text and not any(notice.kind == "syntax-error" for notice in self.notices)

    def line_of(self, at: int) -> int:
        """1-based line of a byte offset."""
        return bisect_right(memoryview(self.line_starts).cast("I"), at) + 1

    def place(self, at: int) -> Place:
        """Line and column of a byte offset."""
        starts = memoryview(self.line_starts).cast("I")
        index = bisect_right(starts, at)
        return Place(self.path, index + 1, at - (starts[index - 1] if index else 0) + 1)

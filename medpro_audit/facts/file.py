"""Facts of one source file that are taken from every file, whether or not its code is ever followed."""

from bisect import bisect_right
from typing import Literal

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.facts.inventory import Language
from medpro_audit.facts.ir import Call, New, Statement

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


class CatchFact(Struct, frozen=True, array_like=True):
    """A ``catch`` clause or a ``.catch(…)`` callback."""

    at: int
    end: int
    parameter: str
    """Empty when there is none or it is destructured."""
    body: tuple[Statement, ...]


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
    connection_calls: tuple[CallFact, ...]
    catches: tuple[CatchFact, ...]
    shebang: bool
    notices: tuple[Notice, ...]

    def line_of(self, at: int) -> int:
        """1-based line of a byte offset."""
        return bisect_right(memoryview(self.line_starts).cast("I"), at) + 1

    def place(self, at: int) -> Place:
        """Line and column of a byte offset."""
        starts = memoryview(self.line_starts).cast("I")
        index = bisect_right(starts, at)
        return Place(self.path, index + 1, at - (starts[index - 1] if index else 0) + 1)

"""What the bytes of a JavaScript file tell of where it comes from: a person, a compiler, a bundler, a minifier."""

import re
from typing import Literal

from msgspec import Struct

HEAD_BYTES = 4096
TAIL_BYTES = 256
"""How much of a file is looked at."""

Origin = Literal["minified", "bundle", "compiled", "library", "unknown"]


class Trace(Struct, frozen=True):
    """Where a file seems to come from, with the sign that tells."""

    origin: Origin
    sign: str = ""

    @property
    def is_machine_written(self) -> bool:
        """A tool wrote it."""
        return self.origin in {"minified", "bundle", "compiled"}


_MINIFIED_NAME = re.compile(r"[.\-_]min\.[cm]?js$")
_LONG_LINE = 300
_MOSTLY = 0.6
_TOO_SHORT_TO_TELL = 1500
_CODE_SIGNS = b";(){}="
_BYTES_PER_SIGN = 20
"""Minified code has a bracket, semicolon or equals sign every few bytes; prose, base64 and drawings have not."""


class _Sign(Struct, frozen=True):
    """A pattern, and literals of which each match holds one: they are found ten times faster, and rarely."""

    literals: tuple[bytes, ...]
    pattern: re.Pattern[bytes]

    def is_in(self, text: bytes) -> bool:
        """Whether the text has a match."""
        return any(literal in text for literal in self.literals) and bool(self.pattern.search(text))


_BUNDLERS: tuple[tuple[str, _Sign], ...] = (
    (
        "webpack",
        _Sign(
            (b"/******/ (", b"webpack"),
            re.compile(
                rb"/\*{6}/ \(|function __webpack_require__\(|webpackJsonp[\[(.]|\[\"webpackChunk|webpackBootstrap"
            ),
        ),
    ),
    ("ncc", _Sign((b"__nccwpck_require__",), re.compile(rb"__nccwpck_require__"))),
    (
        "browserify",
        _Sign(
            (b"function e(", b"function r("),
            re.compile(rb"function [er]\(\w,\w,\w\)\s*\{\s*function [so]\(\w,\s*\w\)"),
        ),
    ),
    ("Parcel", _Sign((b"parcelRequire",), re.compile(rb"parcelRequire(?:\w*\s*=|\()"))),
    ("esbuild", _Sign((b"// node_modules/",), re.compile(rb"^// node_modules/", re.MULTILINE))),
)
_COMPILED = _Sign(
    (b"__esModule", b"var __", b"_interopRequire"),
    re.compile(
        rb"Object\.defineProperty\(exports, ['\"]__esModule['\"]|^exports\.__esModule = true"
        rb"|^var __(?:importDefault|awaiter|createBinding|importStar|decorate|commonJS|getOwnPropNames|defProp|create)"
        rb" = |^function _interopRequire(?:Default|Wildcard)\(|_interopRequireDefault\(require\(",
        re.MULTILINE,
    ),
)
_UNIVERSAL_MODULE = _Sign(
    (b"define.amd",), re.compile(rb"typeof define\s*={2,3}\s*['\"]function['\"]\s*&&\s*define\.amd")
)
_SOURCE_MAP = _Sign((b" sourceMappingURL=",), re.compile(rb"^//[#@] sourceMappingURL=", re.MULTILINE))
_LIBRARY_BANNER = re.compile(rb"\A\s*(?:/\*!|/\*\*?[^/]{0,400}@(?:license|preserve)\b|//!)")


def trace(name: str, head: bytes, middle: bytes = b"", tail: bytes = b"") -> Trace:
    """Judge a file by its name, its first `HEAD_BYTES`, as many of its middle and its last `TAIL_BYTES`."""
    if _MINIFIED_NAME.search(name):
        return Trace("minified", "its name")
    if is_minified(head) or is_minified(middle):
        return Trace("minified", "dense lines")
    has_map = _SOURCE_MAP.is_in(tail or head)
    is_universal = _UNIVERSAL_MODULE.is_in(head)
    has_banner = bool(_LIBRARY_BANNER.match(head))
    for bundler, sign in _BUNDLERS:
        if sign.is_in(head):
            return Trace("bundle", f"run-time code of {bundler}")
    if is_universal and (has_map or has_banner):
        return Trace("bundle", "a library's universal module wrapper")
    if has_map:
        return Trace("compiled", "a source map")
    if _COMPILED.is_in(head):
        return Trace("compiled", "a compiler's preamble")
    if is_universal or has_banner:
        return Trace("library", "a library's banner")
    return Trace("unknown")


def is_minified(text: bytes) -> bool:
    """Whether most of the text stands in very long lines that are dense with code, not with prose or drawings."""
    if len(text) < _TOO_SHORT_TO_TELL:
        return False
    dense = sum(len(line) for line in text.split(b"\n") if len(line) > _LONG_LINE and _is_code(line))
    return dense > len(text) * _MOSTLY


def _is_code(line: bytes) -> bool:
    signs = len(line) - len(line.translate(None, _CODE_SIGNS))
    return signs * _BYTES_PER_SIGN > len(line)

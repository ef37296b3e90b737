"""Escape sequences in strings and templates (ECMA-262, 12.9.4)."""

import re
import sys

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_SURROGATES = range(0xD800, 0xE000)
"""Halves of UTF-16 pairs: no characters of their own."""
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


def unescape(text: str) -> str:
    """What the source text of a string or template stands for; halves of UTF-16 pairs become U+FFFD."""

    def replace(match: re.Match[str]) -> str:
        digits = match[1] or match[2] or match[3]
        if digits is None:
            return _SIMPLE_ESCAPES.get(match[4], match[4])
        code = int(digits, 16)
        return chr(code) if code <= sys.maxunicode and code not in _SURROGATES else "\ufffd"

    return _ESCAPE.sub(replace, text)

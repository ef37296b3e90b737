"""XML documents from text that nobody vouches for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medpro_audit.reporters.escaping import visible

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 can't hold, not even as references (section 2.2)."""


def clean(text: str) -> str:
    """Text that an attribute or element can hold."""
    return _FORBIDDEN.sub("\ufffd", visible(text))


def document(root: Element) -> str:
    """A document, indented."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - rarely needed

    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"

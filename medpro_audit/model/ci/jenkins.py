"""The steps of a Jenkinsfile: commands of its shell steps, and those that it tells a library's pipeline to run.

https://www.jenkins.io/doc/book/pipeline/shared-libraries
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.model.ci.step import CiStep

_SHELL = re.compile(
    r"\b(?:sh|bat|powershell|pwsh)\b[ \t(]*(?:script[ \t]*:[ \t]*)?(?P<quote>'''|\"\"\"|'|\")(?P<text>.*?)(?P=quote)",
    re.DOTALL,
)
_COMMAND = re.compile(
    r"\b\w*(?:command|cmd|script|steps?|test|tests|lint|build)\w*[ \t]*[:=][ \t]*\[?[ \t]*"
    r"(?P<quote>\'\'\'|\"\"\"|'|\")(?P<text>.*?)(?P=quote)",
    re.DOTALL | re.IGNORECASE,
)
"""What a step of the project's own library is told to run: ``testCommand: 'npm test'``."""
_LIBRARY = re.compile(r"@Library\b|^[ \t]*(?:library|load)\b[ \t]*\(?[ \t]*['\"\w(]", re.MULTILINE)
"""Steps that stand elsewhere."""


def jenkins_steps(path: str, content: bytes) -> Iterator[CiStep]:
    """Commands by the line where their step begins; that something stands elsewhere is a step of its own."""
    text = content.decode("utf-8", "replace")
    for pattern in (_SHELL, _COMMAND):
        for found in pattern.finditer(text):
            yield CiStep(file=path, line=text.count("\n", 0, found.start()) + 1, text=found["text"])
    library = _LIBRARY.search(text)
    if library is not None:
        yield CiStep(path, text.count("\n", 0, library.start()) + 1, "", action="library")

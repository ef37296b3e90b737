"""Puts a written status into a document that people keep: between two markers, all else is left as it is."""

from __future__ import annotations

from medpro_audit.core.errors import UsageError

BEGIN = "<!-- medpro-audit status: what follows is written by `medpro-audit status --write` -->"
END = "<!-- medpro-audit status: end -->"


def inserted(document: str, status: str, *, name: str) -> str:
    """The document with the status between its markers; without markers it is added at the end, with them.

    Args:
        document: What stands in the file, empty for a new one.
        status: What to put there.
        name: Of the file, for errors.

    Raises:
        UsageError: One of the markers is missing, stands twice, or before the other.
    """
    block = f"{BEGIN}\n\n{status.strip()}\n\n{END}"
    counts = (document.count(BEGIN), document.count(END))
    if counts == (0, 0):
        before = document.rstrip()
        return f"{before}\n\n{block}\n" if before else f"{block}\n"
    start, end = document.find(BEGIN), document.find(END)
    if counts != (1, 1) or end < start:
        advice = "leave one of each, the beginning first, or delete both to have the status added at the end"
        raise UsageError(f"{name}: its status markers don't fit together; {advice}")
    return f"{document[:start]}{block}{document[end + len(END) :]}"

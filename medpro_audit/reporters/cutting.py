"""Cuts long Markdown where a row ends."""

_OPEN, _CLOSE = "<details>", "</details>"


def cut_markdown(text: str, most: int) -> str:
    """Markdown of at most ``most`` UTF-8 bytes: whole lines, every fold closed, and what is gone told."""
    if len(text.encode()) <= most:
        return text
    lines = text.splitlines(keepends=True)
    kept, used, folds = 0, 0, 0
    for line in lines:
        opened = folds + line.count(_OPEN) - line.count(_CLOSE)
        size = used + len(line.encode())
        if size + len(_ending(opened, len(lines)).encode()) > most:
            break
        kept, used, folds = kept + 1, size, opened
    return "".join(lines[:kept]) + _ending(folds, len(lines) - kept)


def _ending(folds: int, lines: int) -> str:
    closing = f"\n{_CLOSE}\n" * folds
    return f"{closing}\n**Cut here:** {lines:,} more lines did not fit. `medpro-audit scan` shows all of them.\n"

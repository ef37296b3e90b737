"""Reads report templates and what they include from disk."""

from collections.abc import Iterable
from pathlib import Path

from medpro_audit.adapters.shipped import shipped
from medpro_audit.core.errors import ConfigurationError

_SUFFIXES = {".j2", ".css", ".js"}
_PAGES = "pages"
"""Folder of the templates that are no format, since they show more than a result."""


def read_templates(folders: Iterable[Path] = ()) -> dict[str, str]:
    """Sources by file name: the shipped ones, and a user's own, which win over shipped ones of the same name.

    Those in the folder ``pages`` keep it in their name: ``pages/weekly.html.j2``.

    Raises:
        ConfigurationError: a user's folder or a file in it can't be read.
    """
    sources: dict[str, str] = {}
    for folder in (shipped("reports"), *folders):
        sources |= _read_folder(folder)
        if (folder / _PAGES).is_dir():
            sources |= {f"{_PAGES}/{name}": text for name, text in _read_folder(folder / _PAGES).items()}
    return sources


def _read_folder(folder: Path) -> dict[str, str]:
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix in _SUFFIXES and file.is_file())
        return {file.name: file.read_text(encoding="utf-8") for file in files}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{folder}: report templates can't be read: {error}"]) from error

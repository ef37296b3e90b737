"""Paths relative to the scanned directory, with POSIX separators.

A folder is written without a slash at its end; the scanned directory itself is the empty string, and what stands
above it begins with ``..``.
"""

from posixpath import normpath, relpath


def joined(folder: str, relative: str) -> str:
    """The path that ``relative`` names, seen from ``folder``."""
    path = normpath(f"{folder}/{relative}" if folder else relative or ".")
    return "" if path == "." else path


def folder_of(path: str) -> str:
    """The folder that a file or folder stands in; that of the scanned directory is ``..``."""
    if not path:
        return ".."
    return f"{path}/.." if path == ".." or path.endswith("/..") else path.rpartition("/")[0]


def levels_above(path: str) -> int:
    """How many levels above the scanned directory a path begins."""
    level = 0
    while path.startswith("../", 3 * level) or path[3 * level :] == "..":
        level += 1
    return level


def relative_to(path: str, folder: str) -> str | None:
    """The path as seen from a folder above it, empty for that folder itself; None when it stands elsewhere."""
    if path == folder:
        return ""
    rest = path if not folder else path[len(folder) + 1 :] if path.startswith(f"{folder}/") else ".."
    return None if rest.startswith("..") else rest


def canonical(path: str, location: str) -> str:
    """The one way to write a path that leaves the scanned directory and perhaps comes back.

    Args:
        path: Relative to the scanned directory.
        location: Where that stands below the outermost folder that was read, such as ``packages/api``.
    """
    if not location or not path.startswith(".."):
        return path
    from_top = joined(location, path)
    if from_top.startswith(".."):
        return path
    # The leading slashes keep relpath from asking for the working directory.
    found = relpath(f"/{from_top}", f"/{location}")
    return "" if found == "." else found

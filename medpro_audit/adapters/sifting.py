"""Parts the listed files into sources to analyse and those that are left out because nobody wrote them by hand here."""

from medpro_audit.adapters.folders import FolderJudge, ProjectFolders, is_declaration
from medpro_audit.adapters.reading import read_parts
from medpro_audit.adapters.territory import Territory, folders_above
from medpro_audit.adapters.traces import HEAD_BYTES, TAIL_BYTES, Trace, trace
from medpro_audit.adapters.tree import ListedFile, TreeWalk
from medpro_audit.core.config import ScanConfig

_TRACED_SUFFIXES = frozenset({".js", ".mjs", ".cjs"})
_UNKNOWN = Trace("unknown")


class Traces:
    """Traces of the files of a territory, each read once."""

    def __init__(self, territory: Territory) -> None:
        self._top = territory.top
        self._known: dict[str, tuple[Trace, bytes]] = {}

    def read(self, file: ListedFile) -> tuple[Trace, bytes]:
        """The trace of a file and its first bytes; nothing is known of a file that can't be read."""
        found = self._known.get(file.path)
        if found is None:
            found = self._known[file.path] = self._read(file)
        return found

    def _read(self, file: ListedFile) -> tuple[Trace, bytes]:
        parts = [(0, HEAD_BYTES)]
        if file.size > HEAD_BYTES:
            parts += [(file.size // 2, HEAD_BYTES), (file.size - TAIL_BYTES, TAIL_BYTES)]
        try:
            head, *others = read_parts(self._top / file.path, parts)
        except OSError:
            return _UNKNOWN, b""
        is_traced = file.suffix in _TRACED_SUFFIXES
        return (trace(file.path, head, *others) if is_traced else _UNKNOWN), head


def sift(
    walk: TreeWalk, territory: Territory, config: ScanConfig, projects: ProjectFolders
) -> tuple[list[ListedFile], set[str]]:
    """Sources to analyse, sorted, and the paths of all files in folders that are kept; the walk records the others."""
    walk.files.sort(key=lambda file: file.path)
    sources = [file for file in walk.files if file.suffix]
    paths = {file.path for file in walk.files}
    traces = Traces(territory)
    judge = FolderJudge(sources, paths, projects, traces.read)
    dropped = _left_out_folders(walk, sources, judge, projects.roots)
    kept = walk.files
    if dropped:
        kept = [file for file in kept if file.is_included or dropped.isdisjoint(folders_above(file.path))]
    chosen = [file for file in kept if file.suffix and _is_chosen(file, walk, traces, config.max_file_bytes)]
    return chosen, {file.path for file in kept}


def _left_out_folders(
    walk: TreeWalk, sources: list[ListedFile], judge: FolderJudge, roots: tuple[str, ...]
) -> set[str]:
    """Outermost folders of which everything is left out that the configuration does not ask for."""
    asked_for = {above for root in roots for above in (root, *folders_above(root))}
    parents = {file.path.rpartition("/")[0] for file in sources if not file.is_included}
    folders = parents.union(*map(folders_above, parents)) - asked_for
    dropped: set[str] = set()
    for folder in sorted(folders):
        if dropped.isdisjoint(folders_above(folder)) and (reason := judge.reason_against(folder)):
            walk.leave_out(folder, reason)
            dropped.add(folder)
    return dropped


def _is_chosen(file: ListedFile, walk: TreeWalk, traces: Traces, limit: int) -> bool:
    """Whether a file is a source to analyse; if not, the walk records why."""
    if not file.is_included and (reason := _reason_against(file, traces)):
        walk.leave_out(file.path, reason)
        return False
    if file.size > limit:
        walk.leave_out(file.path, f"larger than {limit:,} bytes (scan.max-file-bytes)", "limit")
        return False
    return True


def _reason_against(file: ListedFile, traces: Traces) -> str | None:
    if is_declaration(file.path):
        return "declares types only"
    seen = traces.read(file)[0] if file.suffix in _TRACED_SUFFIXES else _UNKNOWN
    words = {"minified": "minified", "bundle": "bundled"}.get(seen.origin)
    return f"{words}: {seen.sign}" if words else None

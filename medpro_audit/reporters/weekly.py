"""The weekly report: one page for the lead of a back end, and for those who pay for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from medpro_audit.claims.checking import ClaimReport
from medpro_audit.core.stages import stage
from medpro_audit.history.news import News
from medpro_audit.model.subjects import Repository
from medpro_audit.model.subjects.dependency import Dependency
from medpro_audit.model.subjects.directory import Directory
from medpro_audit.model.subjects.module import Module
from medpro_audit.reporters import templating
from medpro_audit.reporters.acceptance import Accepted, accepted
from medpro_audit.reporters.bulletin import Bulletin, bulletin
from medpro_audit.reporters.excerpt import Excerpt
from medpro_audit.reporters.folder_graph import FolderGraph, folder_graph
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.relocation import Relocation, relocation
from medpro_audit.result import AuditResult
from medpro_audit.result.baseline import Entry

TEMPLATE = "pages/weekly.html.j2"


class Weekly(Struct, frozen=True):
    """Everything that the page shows. Same value, same page."""

    result: AuditResult
    today: date
    """The day of the report."""
    graph: FolderGraph
    relocation: Relocation
    directories: tuple[Directory, ...]
    excerpts: Mapping[tuple[str, int], Excerpt]
    """Code by file and line."""
    claims: ClaimReport | None = None
    """None without a status document."""
    accepted: tuple[Accepted, ...] = ()
    """Lines of the baseline."""
    news: News | None = None
    """What has changed since the last report; None where nothing is remembered."""
    bulletin: Bulletin | None = None
    """The same in words."""

    @property
    def helper_folders(self) -> tuple[Directory, ...]:
        """Folders at the root that hold only helpers."""
        return tuple(each for each in self.directories if each.is_helper_folder)


class Beside(Struct, frozen=True):
    """What the page shows beside a result and its model."""

    today: date
    excerpts: Sequence[Excerpt] = ()
    claims: ClaimReport | None = None
    baseline: Sequence[Entry] = ()
    news: News | None = None


def weekly(result: AuditResult, repository: Repository, beside: Beside) -> Weekly:
    """Put together what the page shows."""
    modules = [each for each in repository.found("module") if isinstance(each, Module)]
    dependencies = [each for each in repository.found("dependency") if isinstance(each, Dependency)]
    return Weekly(
        result=result,
        today=beside.today,
        graph=folder_graph(modules, dependencies),
        relocation=relocation(modules),
        directories=tuple(each for each in repository.found("directory") if isinstance(each, Directory)),
        excerpts={(each.file, each.line): each for each in beside.excerpts},
        claims=beside.claims,
        accepted=accepted(result, beside.baseline, beside.today),
        news=beside.news,
        bulletin=bulletin(result, beside.news) if beside.news is not None else None,
    )


@stage("rendering")
def render_weekly(report: Weekly, options: RenderOptions) -> str:
    """Write the page.

    Raises:
        ConfigurationError: its template is faulty.
    """
    return templating.fill_template(TEMPLATE, {"weekly": report, "result": report.result}, options)

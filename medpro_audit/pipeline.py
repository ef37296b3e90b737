"""The whole flow on one page: from a directory to the result of its audit."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, structs

from medpro_audit import __version__
from medpro_audit.adapters.baseline_file import BaselineFile
from medpro_audit.adapters.config import LoadedConfig, load_config
from medpro_audit.adapters.discovery import discover, existing_folder
from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.adapters.scan_memory import Model, ScanMemory
from medpro_audit.core.config import Config, GateConfig
from medpro_audit.core.finding import Finding, Measure
from medpro_audit.core.notice import Notice
from medpro_audit.core.stages import stage
from medpro_audit.facts.inventory import Inventory
from medpro_audit.gate.policy import Evidence, judge
from medpro_audit.metrics.scorecard import scorecard
from medpro_audit.model.subjects import Repository
from medpro_audit.model.subjects.operation import Operation
from medpro_audit.result import (
    AuditResult,
    BackendReport,
    Comparison,
    Completeness,
    RuleReport,
    Tool,
    Verdict,
)
from medpro_audit.result.baseline import Entry
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.matching import Matches
from medpro_audit.rules.rule import Rule, RuleSet
from medpro_audit.rules.selection import select_rules
from medpro_audit.rules.suppressing import match_and_suppress

if TYPE_CHECKING:
    from medpro_audit.adapters.cache import Cache
    from medpro_audit.adapters.git import Git
    from medpro_audit.extract.store import CodeStore
    from medpro_audit.model.repository import RepositoryBuilder

SCHEMA_VERSION = 1
RECURSION_LIMIT = 20_000
"""Frames that the evaluation of deeply nested code may take; its own limits on depth end it long before."""

Queries = Mapping[str, str]
"""Tree-sitter queries by the id of the syntax rule that asks."""
NO_QUERIES: Queries = MappingProxyType({})

Progress = Callable[[int, int], None]
"""Told how many of how many files have been read."""


class Means(NamedTuple):
    """What a model is made with; none of it changes the result."""

    cache: Cache | None = None
    """Where earlier scans are remembered."""
    progress: Progress | None = None
    jobs: int | None = None
    """Processes that extract files; None for as many as pay off."""
    keeps_model: bool = True
    """Remember the model as well as the extracts; not worth it for one that is soon out of date."""


ALONE = Means()
"""Without a cache, and silent."""


class Project(Struct, frozen=True):
    """A directory with what is configured for it and which files it holds."""

    root: Path
    loaded: LoadedConfig
    inventory: Inventory

    @property
    def config(self) -> Config:
        """The effective configuration."""
        return self.loaded.config


@stage("configuration and discovery")
def open_project(root: Path, config_file: Path | None = None) -> Project:
    """Read the configuration of a directory and list its files."""
    existing_folder(root)
    loaded = load_config(root, config_file)
    inventory = discover(root, loaded.config.scan, patterns_from=loaded.patterns_from)
    return Project(root, loaded, inventory)


@stage("rules")
def load_rules(project: Project, folders: Sequence[Path] = ()) -> RuleSet:
    """The shipped rule packs, the configured ones and those of these folders, as configured."""
    packs = load_packs(read_packs(rule_folders(project, folders)))
    return select_rules(packs, project.config.rules, project.config.gate)


def rule_folders(project: Project, folders: Sequence[Path] = ()) -> list[Path]:
    """Where the configured rule packs stand, and these."""
    base = project.loaded.path.parent if project.loaded.path is not None else project.root
    return [*(base / folder for folder in project.config.rules.packs), *folders]


def model(project: Project, means: Means = ALONE, queries: Queries = NO_QUERIES) -> Model:
    """The model of a project: that of an earlier scan where nothing has changed since.

    Args:
        project: The directory with its files.
        means: What to make it with.
        queries: Tree-sitter queries of syntax rules, by the id of the rule.
    """
    memory = _memory(project, means, queries)
    known = memory.model()
    if known is not None:
        memory.save()
        return known
    memory.prepare(means.jobs)
    with _building(project, memory, queries) as (builder, store):
        made = Model(builder.build(), tuple(store.notices))
        memory.keep(store, made if means.keeps_model else None)
    return made


@contextmanager
def model_of(project: Project, means: Means = ALONE) -> Iterator[RepositoryBuilder]:
    """A builder for the model of a project, for commands that ask it for more than the model."""
    memory = _memory(project, means)
    memory.prepare(means.jobs)
    with _building(project, memory) as (builder, store):
        yield builder
        memory.keep(store, None)


@stage("cache")
def _memory(project: Project, means: Means, queries: Queries = NO_QUERIES) -> ScanMemory:
    memory = ScanMemory(project.root, project.config, project.inventory, means.cache, queries)
    progress = means.progress
    if progress is not None:
        total = sum(not source.linked for source in project.inventory.sources)
        memory.contents.seen = lambda count: progress(min(count, total), total)
    return memory


@contextmanager
def _building(
    project: Project, memory: ScanMemory, queries: Queries = NO_QUERIES
) -> Iterator[tuple[RepositoryBuilder, CodeStore]]:
    with stage("start-up"):
        from medpro_audit.extract.store import CodeStore  # noqa: PLC0415 - a model that is known needs no parser
        from medpro_audit.model.repository import RepositoryBuilder  # noqa: PLC0415 - nor an interpreter

    sources = {source.path: source for source in project.inventory.sources}
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    is_collecting = gc.isenabled()
    gc.disable()  # nearly all that is made lives as long as the model: to look for garbage takes a tenth of the time
    try:
        store = CodeStore(sources, memory.contents.read, memory.extract, queries)
        yield RepositoryBuilder(project.inventory, store, memory.contents.asset, project.config), store
    finally:
        sys.setrecursionlimit(before)
        if is_collecting:
            gc.enable()


class Reference(Struct, frozen=True):
    """What a result is held against."""

    base: str | None = None
    """A branch, tag or commit: where the present one has parted from it, the project is audited too."""
    today: date | None = None
    """The day by which lines of the baseline are over; None leaves the baseline out."""


NO_REFERENCE = Reference()


class Audited(NamedTuple):
    """A result with the model that it was made from, for pages that show more than what was judged."""

    result: AuditResult
    repository: Repository


def audit(
    project: Project,
    ruleset: RuleSet,
    gate: GateConfig | None = None,
    means: Means = ALONE,
    reference: Reference = NO_REFERENCE,
) -> AuditResult:
    """Audit a project with these rules; ``gate`` stands in for the configured policy.

    Raises:
        UsageError: There is no such base, or the repository does not hold enough history.
        ConfigurationError: The baseline can't be read.
    """
    return examine(project, ruleset, gate, means, reference).result


def examine(
    project: Project,
    ruleset: RuleSet,
    gate: GateConfig | None = None,
    means: Means = ALONE,
    reference: Reference = NO_REFERENCE,
) -> Audited:
    """Audit a project, and keep the model beside the result; raises what `audit` does."""
    understood = _understood(project, ruleset, means)
    result = understood.result
    if reference.base is not None:
        result = _compared(project, ruleset, means, result, reference.base)
    file = BaselineFile(project.loaded, project.root)
    baseline = file.read() if reference.today is not None else None
    if baseline is not None and reference.today is not None:
        match = file.match(baseline, result.findings, reference.today)
        result = structs.replace(result, baseline=match.report(file.name))
    evidence = structs.replace(Evidence.of(result), minimums=baseline.minimums if baseline is not None else ())
    judged = structs.replace(result, verdict=judge(evidence, gate or project.config.gate))
    return Audited(judged, understood.repository)


def baseline_of(project: Project) -> tuple[Entry, ...]:
    """The lines of the baseline of a project.

    Raises:
        ConfigurationError: It can't be read.
    """
    baseline = BaselineFile(project.loaded, project.root).read()
    return baseline.entries if baseline is not None else ()


def compared(
    project: Project, ruleset: RuleSet, base: str, head: str | None = None, means: Means = ALONE
) -> Comparison:
    """What is different on disk, or at a commit, since it has parted from a base.

    Raises:
        UsageError: There is no such commit, or the repository does not hold enough history.
    """
    if head is None:
        result = _compared(project, ruleset, means, _unjudged(project, ruleset, means), base)
    else:
        from medpro_audit.adapters.git import Git  # noqa: PLC0415 - rarely needed

        git = Git(project.root)
        commit = git.commit(head)
        result = _compared(project, ruleset, means, audit_commit(project, ruleset, git, commit, means), base, commit)
    assert result.comparison is not None
    return result.comparison


@stage("base")
def _compared(  # noqa: PLR0913 - the last one is rarely given
    project: Project, ruleset: RuleSet, means: Means, after: AuditResult, base: str, head: str = "HEAD"
) -> AuditResult:
    """A result with its difference to where a commit has parted from a base."""
    from medpro_audit.adapters.git import Git  # noqa: PLC0415 - rarely needed
    from medpro_audit.difference import compare  # noqa: PLC0415
    from medpro_audit.result.pairing import told_apart  # noqa: PLC0415

    git = Git(project.root)
    commit = git.base_of(base, head)
    before = audit_commit(project, ruleset, git, commit, means)
    until = None if head == "HEAD" else head
    findings = told_apart(before.findings, after.findings, lambda file: git.added_lines(file, commit, until))
    after = structs.replace(after, findings=findings)
    difference = compare(before, after, lambda files: git.renamed(files, commit, until))
    return structs.replace(after, comparison=Comparison(base, commit, difference))


def audit_commit(project: Project, ruleset: RuleSet, git: Git, commit: str, means: Means = ALONE) -> AuditResult:
    """Audit a project as it was at a commit, by its configuration of today; from git's objects, without a checkout."""
    with TemporaryDirectory(prefix="medpro-audit-") as folder:
        top = Path(folder).resolve()
        git.write_tree(commit, top)
        root = top / git.prefix
        root.mkdir(parents=True, exist_ok=True)
        inventory = discover(root, project.config.scan, patterns_from=project.loaded.patterns_from, is_commit=True)
        earlier = Project(root, project.loaded, inventory)
        return structs.replace(_unjudged(earlier, ruleset, means._replace(progress=None)), project=_named(project))


def name_of(project: Project, means: Means = ALONE) -> str:
    """The name that a result of a project bears."""
    return _name(project, model(project, means).repository)


def _named(project: Project) -> str:
    """The name of its folder; what of it is no text is replaced, since no document could hold it."""
    return project.root.resolve().name.encode(errors="replace").decode()


def _unjudged(project: Project, ruleset: RuleSet, means: Means) -> AuditResult:
    """The result without the gate's answer."""
    return _understood(project, ruleset, means).result


def _understood(project: Project, ruleset: RuleSet, means: Means) -> Audited:
    """The same with its model."""
    found = model(project, means, ruleset.syntax_queries)
    notices = [*project.inventory.notices, *found.notices, *found.repository.notices]
    return Audited(_result(project, ruleset, found.repository, notices), found.repository)


def _result(project: Project, ruleset: RuleSet, repository: Repository, notices: list[Notice]) -> AuditResult:
    matches, suppressed = match_and_suppress(ruleset, repository.subjects)
    metrics = scorecard(matches.measures, ruleset)
    completeness = completeness_of(project.inventory, repository)
    notices = sorted({*notices, *matches.notices}, key=lambda notice: notice.order)
    return AuditResult(
        schema_version=SCHEMA_VERSION,
        tool=Tool("medpro-audit", __version__),
        project=_name(project, repository),
        verdict=Verdict("not-gated"),
        metrics=metrics,
        backends=tuple(_backends(repository, matches, ruleset)),
        completeness=completeness,
        findings=matches.findings,
        endpoints=repository.endpoints,
        connections=repository.connections,
        settings_files=repository.settings_files,
        unresolved_routes=repository.unresolved_routes,
        unresolved_imports=repository.graph.unresolved,
        unmounted_routers=repository.unmounted_routers,
        notices=tuple(notices),
        rules=tuple(map(_rule_report, ruleset.rules)),
        operations=tuple(each for each in repository.found("operation") if isinstance(each, Operation)),
        suppressed=suppressed,
    )


def _name(project: Project, repository: Repository) -> str:
    """The name of the scanned directory: of its back end when it is one, else of the folder."""
    own = [backend.name for backend in repository.backends if backend.root == "." and backend.name != "."]
    return own[0] if own else _named(project)


def completeness_of(inventory: Inventory, repository: Repository) -> Completeness:
    """How much of a project was understood."""
    known = sum(endpoint.handler.file is not None for endpoint in repository.endpoints)
    routes = len(repository.endpoints)
    return Completeness(
        files_parsed=repository.files_parsed,
        files=sum(not source.linked for source in inventory.sources),
        imports_resolved=repository.imports - len(repository.graph.unresolved),
        imports=repository.imports,
        routers_mounted=repository.routers_mounted,
        routers=repository.routers,
        routes_resolved=routes,
        routes=routes + len(repository.unresolved_routes),
        handlers_known=known,
        endpoints=routes,
    )


def _backends(repository: Repository, matches: Matches, ruleset: RuleSet) -> Iterator[BackendReport]:
    for backend in repository.backends:
        measures: tuple[Measure, ...] = matches.by_backend.get(backend.root, ())
        yield BackendReport(
            root=backend.root,
            name=backend.name,
            frameworks=backend.frameworks,
            endpoints=sum(endpoint.backend == backend.root for endpoint in repository.endpoints),
            findings=sum(finding.backend == backend.root for finding in matches.findings),
            metrics=scorecard(measures, ruleset),
        )


def _rule_report(rule: Rule) -> RuleReport:
    return RuleReport(
        id=rule.id,
        title=rule.title,
        severity=rule.severity,
        metric=rule.metric,
        why=rule.why,
        bad=rule.bad.text,
        good=rule.good.text,
        effort=rule.effort,
        tags=rule.tags,
        fix=rule.fix,
    )


def audit_files(files: Mapping[str, bytes], ruleset: RuleSet) -> tuple[Finding, ...]:
    """Audit a project given as contents by path: what rule tests run on."""
    with TemporaryDirectory(prefix="medpro-audit-") as folder:
        for path, content in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return audit(open_project(Path(folder)), ruleset).findings

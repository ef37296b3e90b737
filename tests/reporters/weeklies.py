"""Weekly reports to render: of the sample, of an attacker, and of a back end with two thousand endpoints."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import msgspec

from medpro_audit.claims.checking import hold_against
from medpro_audit.claims.mapping import ClaimMapping
from medpro_audit.claims.markdown import read_document
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.dependency import Dependency
from medpro_audit.model.subjects.directory import Directory
from medpro_audit.model.subjects.module import Layer, Module, ModuleKind
from medpro_audit.reporters.acceptance import accepted
from medpro_audit.reporters.bulletin import bulletin
from medpro_audit.reporters.excerpt import Excerpt
from medpro_audit.reporters.folder_graph import folder_graph
from medpro_audit.reporters.relocation import relocation
from medpro_audit.reporters.weekly import Weekly
from medpro_audit.result import AuditResult
from medpro_audit.result.baseline import BaselineReport, Entry
from medpro_audit.rules.rule import RuleSet
from reporters.weeks import usual_week

TODAY = date(2026, 11, 23)
STATUS = """# Status
Overall: 40 % complete
- [x] Request validation (Zod)
- Security: 90 %
- [ ] API documentation
"""
_LAYERS: dict[str, tuple[ModuleKind, Layer]] = {
    "routes": ("routes", "routes"),
    "controllers": ("controller", "controllers"),
    "services": ("service", "services"),
    "models": ("data-access", "data"),
    "utils": ("helper", "support"),
}


def module(file: str, *, kind: ModuleKind, layer: Layer, destination: str | None = None) -> Module:
    """A module, out of its place when it has a destination."""
    return Module(
        file=file,
        backend=".",
        kind=kind,
        layer=layer,
        evidence="by its contents",
        folder=file.rpartition("/")[0],
        in_place=destination is None,
        destination=destination,
    )


def dependency(source: str, target: str, *, up: bool = False, cycle: Sequence[str] = ()) -> Dependency:
    """An import of one module by another."""
    return Dependency(
        file=source,
        line=3,
        backend=".",
        specifier=f"/{target}",
        target=target,
        kind="require",
        resolves=True,
        levels=1,
        direction="up" if up else "down",
        cycle=tuple(cycle),
        cycle_size=len(cycle),
    )


def modules(features: int = 6) -> list[Module]:
    """A module of each layer for each feature, and folders of helpers."""
    made = [module("server.js", kind="entry", layer="entry")]
    for number in range(features):
        for folder, (kind, layer) in _LAYERS.items():
            made.append(module(f"src/{folder}/feature{number:03}.js", kind=kind, layer=layer))
    for name in ("auth", "mail"):
        file = f"{name}-helper/index.js"
        made.append(module(file, kind="helper", layer="support", destination=f"src/utils/{name}.js"))
    return made


def dependencies(features: int = 6) -> list[Dependency]:
    """Down through the layers; one import upward, and one circle of services."""
    chain = [*_LAYERS]
    made = []
    for number in range(features):
        made.append(dependency("server.js", f"src/routes/feature{number:03}.js"))
        for above, below in pairwise(chain):
            made.append(dependency(f"src/{above}/feature{number:03}.js", f"src/{below}/feature{number:03}.js"))
    circle = ("src/services/feature000.js", "src/services/feature001.js")
    made.append(dependency(*circle, cycle=circle))
    made.append(dependency(*reversed(circle)))
    made.append(dependency("src/models/feature002.js", "src/routes/feature003.js", up=True))
    return made


def weekly_of(result: AuditResult, *, features: int = 6) -> Weekly:
    """The weekly report of a result, with everything that a page can show."""
    held = modules(features)
    entries = (
        Entry("a", "zod/unvalidated-body", "src/routes/billing.js", "POST /api/billing", "", "later", "Kim"),
        Entry("b", "logging/console-call", "mail-helper/index.js", "console.log", "", expires=date(2026, 11, 20)),
        Entry("c", "logging/console-call", "mail-helper/index.js", "console.log", "", expires=date(2026, 12, 1)),
        Entry("d", "logging/console-call", "gone.js", "console.log", ""),
    )
    report = BaselineReport("base.jsonl", ("a", "c"), 3, 0, (entries[3],), (entries[1],))
    judged = msgspec.structs.replace(result, baseline=report)
    document = read_document("docs/STATUS.md", STATUS)
    week = usual_week(result)
    return Weekly(
        result=judged,
        news=week,
        bulletin=bulletin(judged, week),
        today=TODAY,
        graph=folder_graph(held, dependencies(features)),
        relocation=relocation(held),
        directories=(helper_folder("auth-helper"), helper_folder("mail-helper")),
        excerpts={(each.file, each.line): excerpt(each.file, each.line) for each in result.findings[:20] if each.line},
        claims=hold_against(document, ClaimMapping(RuleSet((), ()), {}), result.metrics, tolerance=5, today=TODAY),
        accepted=accepted(judged, entries, TODAY),
    )


def helper_folder(path: str) -> Directory:
    """A folder of one helper."""
    return Directory(
        file=f"{path}/index.js",
        path=path,
        backend=".",
        is_at_root=True,
        modules=1,
        in_place=0,
        unknown=0,
        kinds=("helper",),
        is_helper_folder=True,
        destinations=("src/utils",),
    )


def excerpt(file: str, line: int, text: str = "  save(req.body);") -> Excerpt:
    """Seven lines around one."""
    first = max(1, line - 3)
    return Excerpt(file, line, first, tuple(text for _ in range(line + 4 - first)))


def weekly_of_attacker(result: AuditResult, text: str, path: str) -> Weekly:
    """The report with a text wherever the repository can put one, and a path of 10,000 characters."""
    held = [
        module(f"{text}/x.js", kind="routes", layer="routes", destination=f"{text}/y.js"),
        module(path, kind="service", layer="services"),
        module(f"{text}/z.js", kind="service", layer="services"),
    ]
    circle = (f"{text}/x.js", path)
    used = [dependency(*circle, up=True, cycle=circle), dependency(*reversed(circle))]
    entry = Entry("a", text, text, text, text, text, text, TODAY)
    document = read_document(text, f"- {text}: 40 %\n- [x] {text}\n- [ ] {text}\n")
    week = usual_week(result, subject=text)
    return Weekly(
        news=week,
        bulletin=bulletin(result, week),
        result=msgspec.structs.replace(result, baseline=BaselineReport(text, (), 0, 0, (), (entry,))),
        today=TODAY,
        graph=folder_graph(held, used),
        relocation=relocation(held),
        directories=(msgspec.structs.replace(helper_folder(text), destinations=(text, path)),),
        excerpts={(each.file, each.line): excerpt(each.file, each.line, text) for each in result.findings},
        claims=hold_against(document, ClaimMapping(RuleSet((), ()), {}), result.metrics, tolerance=5, today=TODAY),
        accepted=accepted(result, (entry,), TODAY),
    )


def many_endpoints(sample: AuditResult, number: int = 2000) -> AuditResult:
    """So many endpoints, each with its own path, lines and trail, forty in a file."""
    made = tuple(_variant(sample.endpoints[at % len(sample.endpoints)], at) for at in range(number))
    return msgspec.structs.replace(sample, endpoints=made)


def _variant(endpoint: Endpoint, number: int) -> Endpoint:
    replace = msgspec.structs.replace
    file = f"src/routes/area{number // 40:02}/routes.js"
    path = f"/api/area{number // 40:02}{endpoint.path.removeprefix('/api')}/{number}"
    last = replace(endpoint.trail[-1], file=file, line=number + 1)
    handler = replace(endpoint.handler, line=number + 3 if endpoint.handler.file else None)
    return replace(
        endpoint,
        path=path,
        file=file,
        line=number + 1,
        trail=(*endpoint.trail[:-1], last),
        handler=handler,
        mounted=True,
    )

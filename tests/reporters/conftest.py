"""Results to render: one as a real project gives it, one made by an attacker."""

import os
from collections.abc import Callable
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from medpro_audit.adapters.templates import read_templates
from medpro_audit.core.finding import Finding, Measure, MetricId, Severity
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place, Step
from medpro_audit.model.subjects import (
    PARTS,
    Connection,
    Endpoint,
    EndpointValidation,
    EnvironmentValue,
    Handler,
    MiddlewareUse,
    SettingsFile,
    UnresolvedImport,
    UnresolvedRoute,
    Validation,
)
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import (
    AuditResult,
    BackendReport,
    Comparison,
    Completeness,
    Metric,
    RuleReport,
    Tool,
    Verdict,
)
from medpro_audit.result.baseline import BaselineReport
from medpro_audit.result.difference import Difference, Gaps
from medpro_audit.rules.suppressing import Suppressed

HOSTILE = (
    "<script>alert(1)</script>|a\n::error::x\r\n`b`\U0001f600\u202egnp.exe\u2066[c](javascript:alert(1)) @everyone #12 "
    "\x1b[31mred\x1b[0m\x9b2J{{ 7*7 }} &amp; \"q\" 'r' \\| https://evil.example %0A"
)
"""Everything at once that some output would obey."""

LONG_PATH = "src/" + "deep/" * 1999 + "x.js"
"""10,000 characters or so."""

RULES = (
    RuleReport(
        "database/hardcoded-settings",
        "Connection settings stand in the code",
        "error",
        "security",
        "Whoever reads the code can connect, and every environment speaks to the same database.\n\n"
        "Take host, user, password and database from the environment, in **one** module.",
        'mysql.createPool({host: "10.0.0.5", password: "s3cret"});',
        "mysql.createPool({host: env.DB_HOST, password: env.DB_PASSWORD});",
        "30min",
        ("security", "database"),
        fix="Take host, user, password and database from the environment, in one module.",
    ),
    RuleReport(
        "database/second-site",
        "A second place opens a connection",
        "error",
        "directory-structure",
        "Two pools mean two configurations. Import the pool of `config/database.connection.js`.",
        'const pool = mysql.createPool({host: "localhost"});',
        'const pool = require("../config/database.connection");',
        "1h",
        ("database",),
        fix="Import the pool of the canonical connection module.",
    ),
    RuleReport(
        "logging/console-call",
        "Server code writes to the console",
        "warning",
        "performance-monitoring",
        "`console.log` has no level, no structure and no request id.",
        'console.log("saved", id);',
        'logger.info({ id }, "saved");',
        "5min",
        fix="Call the project's logger with the level that fits.",
    ),
    RuleReport(
        "logging/swallowed-error",
        "A catch clause swallows the error",
        "warning",
        "code-quality",
        "Nobody learns that it happened.",
        "try { save(); } catch (e) {}",
        "try { save(); } catch (error) { next(error); }",
        "15min",
        fix="Log the error or pass it to next().",
    ),
    RuleReport(
        "zod/another-library",
        "Another validation library than the convention",
        "note",
        "code-quality",
        "Two ways to do one thing.",
        "const schema = Joi.object({ name: Joi.string() });",
        "const schema = z.object({ name: z.string() });",
        "45min",
        fix="Rewrite the schema in the library that the project has settled on.",
    ),
    RuleReport(
        "zod/unvalidated-body",
        "Endpoint reads its body unvalidated",
        "error",
        "code-quality",
        "What a client sends reaches the database as it is.\n\n- A wrong type becomes a wrong row.\n"
        "- A missing field becomes `undefined`.",
        'router.post("/patients", (req, res) => save(req.body));',
        'router.post("/patients", validateBody(patientSchema), (req, res) => save(req.body));',
        "20min",
        ("validation",),
        fix="Parse req.body with a Zod schema before it is used, in a middleware or first thing in the handler.",
    ),
    RuleReport(
        "zod/unvalidated-params",
        "Endpoint reads its path parameters unvalidated",
        "warning",
        "code-quality",
        "An id that is no number reaches the query.",
        'router.get("/patients/:id", (req, res) => find(req.params.id));',
        'router.get("/patients/:id", validateParams(idSchema), (req, res) => find(req.params.id));',
        "10min",
        fix="Parse req.params with a Zod schema before they are used.",
    ),
)


def metric(
    name: MetricId, target: int, parts: tuple[int, int, int] | None, measures: tuple[Measure, ...] = ()
) -> Metric:
    """A metric from its numerator, denominator and unknown; None: not measured."""
    title = name.replace("-", " ").capitalize().replace("Api", "API")
    if parts is None:
        return Metric(name, title, target, None, 0, 0, 0, "no rule feeds it yet")
    numerator, denominator, unknown = parts
    share = round(100 * numerator / denominator, 1)
    return Metric(name, title, target, share, numerator, denominator, unknown, None, measures)


def metrics() -> tuple[Metric, ...]:
    """The six of the sample."""
    return (
        metric("directory-structure", 100, (1, 4, 0), (Measure("database/second-site", "directory-structure", 1, 4),)),
        metric(
            "code-quality",
            90,
            (98, 138, 4),
            (
                Measure("logging/swallowed-error", "code-quality", 41, 47),
                Measure("zod/another-library", "code-quality", 38, 40),
                Measure("zod/unvalidated-body", "code-quality", 7, 21, 2),
                Measure("zod/unvalidated-params", "code-quality", 12, 30, 2),
            ),
        ),
        metric("api-documentation", 100, None),
        metric("testing", 80, None),
        metric("security", 100, (3, 4, 0), (Measure("database/hardcoded-settings", "security", 3, 4),)),
        metric(
            "performance-monitoring",
            100,
            (212, 240, 0),
            (Measure("logging/console-call", "performance-monitoring", 212, 240),),
        ),
    )


def use(
    name: str, *, line: int, scope: str = "application", roles: tuple[str, ...] = (), mount: str = "/"
) -> MiddlewareUse:
    """A middleware registered in server.js, or in the router file for route scope."""
    file = "server.js" if scope == "application" else "src/routes/patients.js"
    return MiddlewareUse(name, file, line, scope, mount, roles)  # type: ignore[arg-type]  # literals of the caller


VERDICTS = {
    "validated": Validation(
        "validated",
        "zod",
        "patientSchema",
        "src/routes/patients.js:12",
        fields=("name", "dateOfBirth"),
        trail=(Step("src/middleware/validate.js", 8, "schema.parse(req.body)"),),
    ),
    "missing": Validation("missing", fields=("name", "phone")),
    "partly": Validation(
        "validated", "zod", "versionSchema", "src/routes/patients.js:38", fields=("label", "file"), uncovered=("file",)
    ),
    "not-read": Validation("not-read"),
    "unknown": Validation("unknown", reason="the handler passes req to a function that could not be found"),
}


def endpoint(route: str, file: str, line: int, parts: str, *, guarded: bool = True) -> Endpoint:
    """An endpoint; ``parts`` holds a letter for body, params and query: v, p (in part), m, n or u."""
    method, path = route.split(" ")
    words = {"v": "validated", "p": "partly", "m": "missing", "n": "not-read", "u": "unknown"}
    body, params, query = (VERDICTS[words[letter]] for letter in parts)
    reads = tuple(part for part, letter in zip(PARTS, parts, strict=False) if letter != "n")
    stem = file.rsplit("/", 1)[-1].removesuffix(".js")
    guards = (
        use("authenticate", line=31, scope="router", roles=("authentication",)),
        use("authorize", line=line, scope="route", roles=("authorization",)),
    )
    return Endpoint(
        method=method,
        path=path,
        file=file,
        line=line,
        kind="route",
        mounted=not path.startswith("/legacy"),
        conditional=path.startswith("/debug"),
        condition='process.env.NODE_ENV !== "production"' if path.startswith("/debug") else None,
        framework="express",
        application="server.js:9",
        backend=".",
        middleware=(
            use("helmet", line=12, roles=("security-headers",)),
            use("express.json", line=13, roles=("body-parser",)),
            use("rateLimit", line=14, roles=("rate-limit",), mount="/api"),
            *(guards if guarded else ()),
            *((use("validateBody", line=line, scope="route", roles=("validation",)),) if parts[0] in "vp" else ()),
        ),
        handler=Handler(
            f"{stem}Controller.handle", f"src/controllers/{stem}.controller.js", line + 3, ("asyncHandler",)
        )
        if parts[0] != "u"
        else Handler("legacy.dispatch", None, None, reason="made by a function of a package"),
        reads=reads,
        validation=EndpointValidation(body, params, query, Validation("not-read")),
        trail=(
            Step("server.js", 9, "const app = express()"),
            Step("server.js", 40, f"app.use('/api/{stem}', {stem}Router)"),
            Step(file, line, f"router.{method.lower()}('{path}', …)"),
        ),
    )


def endpoints() -> tuple[Endpoint, ...]:
    """Forty of them, patients in the new pattern, the rest not."""
    made = []
    for stem in ("appointments", "billing", "documents", "patients", "practitioners", "prescriptions"):
        good = stem == "patients"
        shapes = [
            ("GET", f"/api/{stem}", "nnv" if good else "nnm"),
            ("POST", f"/api/{stem}", "vnn" if good else "mnn"),
            ("GET", f"/api/{stem}/:id", "nvn" if good else "nmn"),
            ("PUT", f"/api/{stem}/:id", "vvn" if good else "mmn"),
            ("DELETE", f"/api/{stem}/:id", "nvn" if good else "num"),
            ("POST", f"/api/{stem}/:id/attachments/:attachmentId/versions", "pvn" if good else "umn"),
        ]
        made += [
            endpoint(f"{method} {path}", f"src/routes/{stem}.js", 8 + 6 * index, parts)
            for index, (method, path, parts) in enumerate(shapes)
        ]
    return (
        *made,
        endpoint("GET /health", "server.js", 44, "nnn", guarded=False),
        endpoint("POST /api/auth/login", "src/routes/auth.js", 9, "mnn", guarded=False),
        endpoint("GET /debug/state", "src/routes/debug.js", 5, "nnm", guarded=False),
        endpoint("ALL /legacy/*", "helpers-old/router.js", 17, "unu", guarded=False),
    )


def finding(rule: RuleReport, message: str, file: str, line: int, *, subject: tuple[str, str] | None = None) -> Finding:
    """A finding with a stable fingerprint and a trail."""
    severity: Severity = rule.severity  # type: ignore[assignment]  # rules of this file
    return Finding(
        rule=rule.id,
        severity=severity,
        message=message,
        file=file,
        line=line,
        column=3,
        end_line=line,
        fingerprint=f"{abs(hash_of(rule.id + file + message)):016x}",
        trail=(Step("server.js", 9, "const app = express()"), Step(file, line, message)),
        method=subject[0] if subject else None,
        path=subject[1] if subject else None,
        snippet=f"router.{subject[0].lower()}('{subject[1]}', …)" if subject else "console.log(patient)",
    )


def hash_of(text: str) -> int:
    """A hash that does not change from run to run."""
    total = 0
    for character in text:
        total = (total * 131 + ord(character)) % 2**64
    return total


def findings(made: tuple[Endpoint, ...]) -> tuple[Finding, ...]:
    """Sixty or so, of seven rules."""
    rules = {rule.id: rule for rule in RULES}
    found = []
    for row in made:
        for part, name in (("body", "zod/unvalidated-body"), ("params", "zod/unvalidated-params")):
            if getattr(row.validation, part).status == "missing":
                message = f"{row.method} {row.path} reads req.{part}, and nothing validates it"
                found.append(finding(rules[name], message, row.file, row.line, subject=(row.method, row.path)))
    for folder, line in product(("auth-helper", "billing-helper", "mail-helper", "upload-helper"), range(4, 60, 8)):
        message = "console writes to the console, past the logger"
        found.append(finding(rules["logging/console-call"], message, f"{folder}/index.js", line))
    for line in (14, 60, 88, 130, 171, 200):
        message = "The error is caught, and nobody learns of it"
        found.append(finding(rules["logging/swallowed-error"], message, "src/services/billing.service.js", line))
    for file in ("billing-helper/db.js", "reports-helper/mysql.js", "upload-helper/connection.js"):
        message = "Opens a connection of its own beside config/database.connection.js"
        found.append(finding(rules["database/second-site"], message, file, 7))
    message = "host, user, password and database stand in the code"
    found.append(finding(rules["database/hardcoded-settings"], message, "reports-helper/mysql.js", 7))
    for line in (6, 19):
        message = "Validates with joi, where zod is the convention"
        found.append(finding(rules["zod/another-library"], message, "src/routes/billing.js", line))
    return tuple(sorted(found, key=lambda one: one.order))


def connection(file: str, line: int, *, port: int, host: str | EnvironmentValue, **more: object) -> Connection:
    """A mysql2 connection."""
    fields: dict[str, object] = {
        "kind": "pool",
        "user": EnvironmentValue("DB_USER"),
        "database": EnvironmentValue("DB_NAME", "medpro"),
        "hardcoded": (),
        "canonical": False,
        "scope": "module",
        **more,
    }
    return Connection(
        file=file,
        line=line,
        driver="mysql2",
        host=host,
        port=port,
        canonical_module="config/database.connection.js",
        backend=".",
        sites=4,
        port_expected=3307,
        **fields,  # type: ignore[arg-type]  # as the caller gives them
    )


def connections() -> tuple[Connection, ...]:
    """One canonical site and three others that differ from it."""
    host = EnvironmentValue("DB_HOST", "localhost")
    return (
        connection("config/database.connection.js", 5, port=3307, host=host, canonical=True),
        connection(
            "billing-helper/db.js", 7, port=3306, host=host, differs=("port",), port_conflict=True, is_shared=False
        ),
        connection(
            "reports-helper/mysql.js",
            7,
            port=3307,
            host="10.0.0.5",
            user="root",
            database="medpro_reports",
            kind="single",
            scope="handler",
            hardcoded=("host", "user", "password", "database"),
            differs=("host", "user", "database"),
        ),
        connection(
            "upload-helper/connection.js",
            7,
            port=3307,
            host=host,
            database=None,
            scope="function",
            reason="the database is a parameter of the function",
        ),
    )


SETTINGS = (
    SettingsFile(".env.example", 3, "env", None, "localhost", 3306, "medpro", 3307, True, "."),  # noqa: FBT003 - data
    SettingsFile("docker-compose.yml", 12, "compose", "mysql", "db", 3307, "medpro", 3307, False, "."),  # noqa: FBT003 - data
)

NOTICES = (
    Notice(
        "syntax-error", "12 bytes could not be read; the rest of the file was", Place("reports-helper/old.js", 210, 5)
    ),
    Notice("syntax-error", "the last brace is missing", Place("mail-helper/index.js", 96)),
    Notice(
        "limit",
        "3.1 MB is more than the limit of 1 MB; raise scan.max-file-bytes to read it",
        Place("public/icd10.js", 0),
    ),
    Notice("unresolved-route", "the path is put together at run time", Place("helpers-old/router.js", 30, 3)),
)


def build_sample() -> AuditResult:
    """A back end a quarter of the way through its clean-up."""
    made = endpoints()
    found = findings(made)
    return AuditResult(
        schema_version=1,
        tool=Tool("medpro-audit", "0.1.0"),
        project="clinic-api",
        verdict=Verdict("failed", ("15 errors, where none is allowed", "code quality is 71 %, the least is 80 %")),
        metrics=metrics(),
        backends=(BackendReport(".", "clinic-api", ("express",), len(made), len(found), metrics()),),
        completeness=Completeness(118, 120, 402, 409, 7, 8, 40, 41, 35, 40),
        findings=found,
        endpoints=made,
        connections=connections(),
        settings_files=SETTINGS,
        unresolved_routes=(
            UnresolvedRoute(Place("helpers-old/router.js", 30, 3), "GET", "its path is put together at run time"),
        ),
        unresolved_imports=(UnresolvedImport("mail-helper/index.js", 2, "../config/mailer", "no such file"),),
        unmounted_routers=(Place("helpers-old/router.js", 4, 16),),
        notices=NOTICES,
        rules=RULES,
    )


def build_hostile() -> AuditResult:
    """The same shape with `HOSTILE` wherever the repository or a rule pack can put text."""
    rule = RuleReport(
        "evil/rule",
        HOSTILE,
        "error",
        "security",
        HOSTILE,
        HOSTILE,
        HOSTILE,
        "20min",
        (HOSTILE, "security", "cwe-20"),
        HOSTILE,
    )
    verdict = Validation(
        "unknown", HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE,), trail=(Step(HOSTILE, 1, HOSTILE),)
    )
    row = Endpoint(
        method="GET",
        path=HOSTILE,
        file=HOSTILE,
        line=1,
        kind="route",
        mounted=False,
        conditional=True,
        condition=HOSTILE,
        framework="express",
        application=HOSTILE,
        backend=HOSTILE,
        middleware=(
            MiddlewareUse(HOSTILE, HOSTILE, 1, "route", HOSTILE, (), HOSTILE, conditional=True, condition=HOSTILE),
        ),
        handler=Handler(HOSTILE, HOSTILE, 1, (HOSTILE,), HOSTILE),
        reads=("body",),
        validation=EndpointValidation(verdict, verdict, verdict, verdict),
        trail=(Step(HOSTILE, 1, HOSTILE),),
    )
    found = (
        Finding(
            "evil/rule",
            "error",
            HOSTILE,
            HOSTILE,
            1,
            1,
            1,
            "f1",
            (Step(HOSTILE, 1, HOSTILE),),
            ".",
            "GET",
            HOSTILE,
            HOSTILE,
        ),
        Finding("evil/rule", "error", HOSTILE, LONG_PATH, 2, 1, 3, "f2", (), ".", None, None, HOSTILE),
        Finding("unknown/rule", "note", HOSTILE, HOSTILE, 0, 1, 0, "f3"),
    )
    measured = metric("security", 100, (1, 3, 1), (Measure("evil/rule", "security", 1, 3, 1),))
    scores = (measured, Metric("testing", HOSTILE, 80, None, 0, 0, 0, HOSTILE))
    return AuditResult(
        schema_version=1,
        tool=Tool("medpro-audit", "0.1.0"),
        project=HOSTILE,
        verdict=Verdict("failed", (HOSTILE,)),
        metrics=scores,
        backends=tuple(BackendReport(HOSTILE, name, (HOSTILE,), 1, 3, scores) for name in (HOSTILE, "other")),
        completeness=Completeness(1, 2, 1, 2, 0, 1, 1, 2, 1, 1),
        findings=found,
        endpoints=(row,),
        connections=(
            connection(
                HOSTILE,
                1,
                port=3306,
                host=HOSTILE,
                user=EnvironmentValue(HOSTILE, HOSTILE),
                differs=("host",),
                reason=HOSTILE,
            ),
        ),
        settings_files=(SettingsFile(HOSTILE, 1, "env", HOSTILE, HOSTILE, 1, HOSTILE, None, True, "."),),  # noqa: FBT003 - data
        unresolved_routes=(UnresolvedRoute(Place(HOSTILE, 1), "GET", HOSTILE),),
        unresolved_imports=(UnresolvedImport(HOSTILE, 1, HOSTILE, HOSTILE),),
        unmounted_routers=(Place(HOSTILE, 1),),
        notices=(Notice("syntax-error", HOSTILE, Place(HOSTILE, 1)), Notice("internal", HOSTILE)),
        rules=(rule,),
    )


@pytest.fixture(scope="session")
def sample() -> AuditResult:
    """What a real project gives."""
    return build_sample()


@pytest.fixture(scope="session")
def hostile() -> AuditResult:
    """What an attacker would like us to render."""
    return build_hostile()


@pytest.fixture(scope="session")
def empty() -> AuditResult:
    """A repository without endpoints and findings, nothing gated."""
    return AuditResult(
        schema_version=1,
        tool=Tool("medpro-audit", "0.1.0"),
        project="empty",
        verdict=Verdict("not-gated"),
        metrics=tuple(metric(name, 100, None) for name in ("testing", "security")),
        backends=(),
        completeness=Completeness(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        findings=(),
        endpoints=(),
        connections=(),
        settings_files=(),
        unresolved_routes=(),
        unresolved_imports=(),
        unmounted_routers=(),
        notices=(),
        rules=RULES,
    )


@pytest.fixture(scope="session")
def large(sample: AuditResult) -> AuditResult:
    """500 endpoints and 1,000 findings."""
    return msgspec.structs.replace(
        sample,
        endpoints=tuple(islice(cycle(sample.endpoints), 500)),
        findings=tuple(islice(cycle(sample.findings), 1000)),
    )


@pytest.fixture(scope="session")
def crowd(sample: AuditResult) -> AuditResult:
    """5,000 findings, each its own, of all severities, in no order."""
    made = tuple(
        msgspec.structs.replace(one, line=number + 1, end_line=number + 1, fingerprint=f"{number:016x}")
        for number, one in enumerate(islice(cycle(sample.findings), 5000))
    )
    return msgspec.structs.replace(sample, findings=made[2500:] + made[:2500])


@pytest.fixture(scope="session")
def known(sample: AuditResult) -> AuditResult:
    """The first finding is accepted by the baseline, the second is of the base, the third is accepted by a comment."""
    first, second, third, *others = sorted(sample.findings, key=lambda one: one.order)
    baseline = BaselineReport("base.jsonl", (first.fingerprint,), len(others) + 1, 0, (), ())
    return msgspec.structs.replace(
        sample,
        findings=(first, second, *others),
        suppressed=(Suppressed(msgspec.structs.replace(third, message="SUPPRESSED"), "because", third.file, 1),),
        baseline=baseline,
        comparison=Comparison("main", "c" * 40, difference(sample, unchanged=(second,), new=tuple(others))),
    )


def difference(result: AuditResult, **parts: Any) -> Difference:
    """Nothing is different but these parts."""
    empty: dict[str, Any] = dict.fromkeys(Difference.__struct_fields__, ())
    gaps: dict[str, Any] = {name: Gaps((), ()) for name in ("notices", "unresolved_imports", "unresolved_routes")}
    verdicts = {"verdict_before": result.verdict, "verdict": result.verdict}
    return Difference(**{**empty, **gaps, **verdicts, **parts})


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with a file of ``tests/reporters/golden``; UPDATE_GOLDEN=1 writes the file instead."""

    def compare(name: str, text: str) -> None:
        file = Path(__file__).parent / "golden" / name
        if os.environ.get("UPDATE_GOLDEN"):
            file.write_text(text, encoding="utf-8", newline="")
        assert file.read_bytes().decode() == text, f"{name} differs; UPDATE_GOLDEN=1 accepts it"

    return compare


@pytest.fixture(scope="session")
def options() -> RenderOptions:
    """The defaults with the shipped templates."""
    return RenderOptions(templates=read_templates())


@pytest.fixture(scope="session")
def node_package() -> Callable[[str], Path]:
    """Folder of a package of tests/oracle; skips where it is not installed."""

    def found(name: str) -> Path:
        folder = Path(__file__).parents[1] / "oracle" / "node_modules" / name
        if not folder.is_dir():
            pytest.skip(f"the npm package {name} is not installed: npm ci --prefix tests/oracle")
        return folder

    return found

"""The effective configuration: what is left of a configuration file once it has been proved and completed.

Only strict values live here; reading, places of origin and error messages are `adapters.config`'s. The
docstring under each field is its documentation in ``medpro-audit config`` and in the JSON Schema.
"""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from medpro_audit.core.finding import MetricId, Severity

Text = Annotated[str, Meta(min_length=1)]
GitPattern = Annotated[str, Meta(min_length=1, extra_json_schema={"$comment": "pattern"})]
"""A line of a ``.gitignore`` file; whether it is one, `adapters.config_check` proves."""
RoleName = Annotated[str, Meta(extra_json_schema={"$comment": "role"})]
"""A `model.subjects.Role`, which this layer doesn't know; `adapters.config_check` proves it."""
Port = Annotated[int, Meta(ge=1, le=65535, examples=[3306])]
Percent = Annotated[float, Meta(ge=0, le=100)]


class ScanConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which files are read. Patterns are relative to the folder of the configuration file."""

    include: tuple[GitPattern, ...] = ()
    """Gitignore-style patterns that are read even when ignored or vendored; inside node_modules only when named so."""
    exclude: tuple[GitPattern, ...] = ()
    """Gitignore-style patterns that are left out, whatever `include` says."""
    max_file_bytes: Annotated[int, Meta(ge=1, le=100_000_000)] = 1_000_000
    """Larger source files are left out with a notice."""
    max_files: Annotated[int, Meta(ge=1, le=1_000_000)] = 50_000
    """More source files than this stop discovery with a notice."""
    max_depth: Annotated[int, Meta(ge=1, le=200)] = 40
    """Folders nested deeper than this are left out with a notice."""


class DatabaseConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Where the database connection is meant to be made."""

    canonical: Text = "config/database.connection.js"
    """The one module that should open connections; when the repository has no such file, it is inferred."""
    port: Port | None = None
    """The port that every site should use; without it, sites must only agree with each other."""


class LoggingConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What logging should look like."""

    logger: Annotated[Text, Meta(examples=["src/utils/logger.js"])] | None = None
    """Module or package of the canonical logger; without it, what most modules use."""
    sensitive: tuple[Text, ...] = (
        "password",
        "passwd",
        "secret",
        "token",
        "accessToken",
        "refreshToken",
        "apiKey",
        "otp",
        "otpCode",
        "magicLink",
        "magicUrl",
        "resetLink",
        "resetPasswordLink",
        "resetPasswordUrl",
        "resetUrl",
        "authorization",
        "cookie",
        "ssn",
        "socialSecurityNumber",
        "insuranceNumber",
        "medicalRecordNumber",
        "dateOfBirth",
        "dob",
        "diagnosis",
        "creditCard",
        "cardNumber",
        "cvv",
    )
    """Names of values that must not be logged. Case, ``_`` and ``-`` don't matter; a longer name counts when its last
    words are one of these: ``newPassword`` and ``user_password``, but neither ``passwordLength`` nor ``tokenizer``."""


class ValidationConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How requests should be validated."""

    library: Annotated[Text, Meta(examples=["zod"])] | None = None
    """The library that is the convention; without it, Zod where it is a dependency."""


PatternElement = Literal[
    "router",
    "authentication",
    "validation",
    "wrapper",
    "controller",
    "service",
    "envelope",
    "central-errors",
    "logging",
]
"""What an endpoint of a consistent back end may be made of, from the request inwards."""


class ConsistencyConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The pattern that routes should follow; without either, the route file that sets the best example is taken."""

    pattern: Annotated[
        tuple[PatternElement, ...], Meta(examples=[["router", "authentication", "validation", "wrapper", "controller"]])
    ] = ()
    """What every endpoint should have."""
    like: Annotated[Text, Meta(examples=["src/routes/patient.routes.js"])] | None = None
    """Route file whose endpoints show the pattern; `pattern` goes before it."""


PlacedKind = Literal[
    "config",
    "connection",
    "constants",
    "controller",
    "data-access",
    "error",
    "helper",
    "logger",
    "middleware",
    "routes",
    "schema",
    "service",
    "types",
]
"""A kind of module that has a folder of its own."""


class StructureConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Where modules should stand; without it, the layout that most modules follow, else `src` with a folder a kind."""

    root: Annotated[Text, Meta(examples=["src"])] | None = None
    """Folder of a back end that all of its server code should be in."""
    layout: Annotated[
        dict[PlacedKind, tuple[Text, ...]],
        Meta(
            examples=[{"routes": ["src/routes"], "service": ["src/services"]}],
            extra_json_schema={"propertyNames": {"enum": list(get_args(PlacedKind))}},
        ),
    ] = {}
    """Folders of a back end by the kind of module that belongs into them; what has to move is sent to the first."""


class TestingConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What is known of the tests besides their code."""

    coverage: Annotated[tuple[Text, ...], Meta(examples=[["coverage/lcov.info"]])] = ()
    """Coverage reports (lcov, Istanbul JSON, Clover, Cobertura), relative to the scanned directory; without them, those
    in well-known places such as ``coverage/lcov.info``, also where git ignores them."""


class RulesConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which rules run."""

    packs: tuple[Text, ...] = ()
    """Folders of further rule packs, relative to the configuration file."""
    disable: tuple[Text, ...] = ()
    """Rule or pack ids that are switched off."""
    severity: Annotated[dict[str, Severity], Meta(examples=[{"zod/unvalidated-body": "warning"}])] = {}
    """Severity by rule id, in place of the rule's own."""


class ClaimsConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How a status document is held against the measurement."""

    document: Text = "docs/STATUS.md"
    """The status document that the weekly report holds against it, relative to the configuration file; where there is
    no such file, the report has no claims."""
    tolerance: Percent = 5.0
    """Points by which a claimed share may be off."""
    mapping: Annotated[
        dict[Text, tuple[Text, ...]], Meta(examples=[{"booking migration": ["consistency/divergent-pattern"]}])
    ] = {}
    """Ids of rules, or of a metric, by the phrase of the document that they measure; a claim that holds all words of
    the phrase is meant."""


RuleVerdict = Literal["fail", "ignore"]


class GateConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What fails a run. Without it, a scan reports and gates nothing."""

    fail_on: Annotated[Severity, Meta(examples=["error"])] | None = None
    """Findings of this severity or worse fail the gate."""
    rules: Annotated[dict[str, RuleVerdict], Meta(examples=[{"zod/unvalidated-body": "fail"}])] = {}
    """By rule id, whether its findings fail the gate whatever their severity, or never do."""
    scope: Literal["new", "all"] = "new"
    """Which findings count where there is a baseline or a base to compare with: those that neither knows, or all."""
    minimum: Annotated[
        dict[MetricId, Percent],
        Meta(examples=[{"code-quality": 90}], extra_json_schema={"propertyNames": {"enum": list(get_args(MetricId))}}),
    ] = {}
    """Least share in percent by metric id."""
    may_not_fall: tuple[MetricId, ...] = ()
    """Metrics that must not be lower than at the base."""
    targets: tuple[MetricId, ...] = ()
    """Metrics that must have reached their target."""
    ratchet: bool = False
    """What a metric has once reached becomes its minimum: `medpro-audit baseline update` keeps it in the baseline."""
    stale: Literal["fail", "report"] = "fail"
    """What lines of the baseline do whose findings are gone: fail the gate until they are pruned, or are only told."""
    protection: Literal["fail", "report"] = "fail"
    """What an endpoint does that has lost its validation, authentication or authorization since the base."""
    breaking: Literal["fail", "report"] = "report"
    """What a change does that breaks clients: an endpoint is gone, accepts less than at the base, or answers with
    less."""
    min_parsed: Percent = 0.0
    """Least share in percent of files that parse; below it the analysis is incomplete."""
    min_resolved_imports: Percent = 0.0
    """Least share in percent of imports that resolve."""
    min_known_handlers: Percent = 0.0
    """Least share in percent of endpoints whose handler is known."""


class BaselineConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Findings that were there when the gate was switched on."""

    file: Text = "medpro-audit-baseline.jsonl"
    """Where they are kept, relative to the configuration file; without such a file there is no baseline."""


class Config(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Everything that can be configured."""

    scan: ScanConfig = ScanConfig()
    """Which files are read."""
    database: DatabaseConfig = DatabaseConfig()
    """Where the database connection is meant to be made."""
    logging: LoggingConfig = LoggingConfig()
    """What logging should look like."""
    validation: ValidationConfig = ValidationConfig()
    """How requests should be validated."""
    consistency: ConsistencyConfig = ConsistencyConfig()
    """The pattern that routes should follow."""
    testing: TestingConfig = TestingConfig()
    """What is known of the tests besides their code."""
    middleware: Annotated[
        dict[str, tuple[RoleName, ...]], Meta(examples=[{"src/middleware/login.js:requireLogin": ["authentication"]}])
    ] = {}
    """Roles by npm package, or by ``file:name`` of a function of the project."""
    structure: StructureConfig = StructureConfig()
    """Where modules should stand."""
    rules: RulesConfig = RulesConfig()
    """Which rules run."""
    claims: ClaimsConfig = ClaimsConfig()
    """How a status document is held against the measurement."""
    baseline: BaselineConfig = BaselineConfig()
    """Findings that were there when the gate was switched on."""
    gate: GateConfig | None = None
    """What fails a run."""


ConfigSource = Literal["medpro-audit.toml", "pyproject.toml", "package.json"]
"""Files that are looked for, in this order."""
CONFIG_SOURCES: tuple[ConfigSource, ...] = ("medpro-audit.toml", "pyproject.toml", "package.json")

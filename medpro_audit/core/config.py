"""The effective configuration: what is left of a configuration file once it has been proved and completed.

Only strict values live here; reading, places of origin and error messages are `adapters.config`'s. The
docstring under each field is its documentation in ``medpro-audit config`` and in the JSON Schema.
"""

from typing import Literal

from msgspec import Struct

from medpro_audit.core.finding import Severity


class ScanConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which files are read."""

    include: tuple[str, ...] = ()
    """Gitignore-style patterns that are read even when ignored or vendored."""
    exclude: tuple[str, ...] = ()
    """Gitignore-style patterns that are left out."""
    max_file_bytes: int = 1_000_000
    """Larger source files are left out with a notice."""
    max_files: int = 50_000
    """More source files than this stop discovery with a notice."""


class DatabaseConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Where the database connection is meant to be made."""

    canonical: str = "config/database.connection.js"
    """The one module that should open connections; when the repository has no such file, it is inferred."""
    port: int | None = None
    """The port that every site should use; None: sites must only agree with each other."""


class LoggingConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What logging should look like."""

    logger: str | None = None
    """Module or package of the canonical logger; None: inferred from what most modules use."""
    sensitive: tuple[str, ...] = (
        "password",
        "passwd",
        "secret",
        "token",
        "accessToken",
        "refreshToken",
        "apiKey",
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
    """Names of values that must not be logged; compared without case, ``_`` and ``-``."""


class ValidationConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How requests should be validated."""

    library: str | None = None
    """The library that is the convention; None: Zod where it is a dependency."""


class RulesConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which rules run."""

    packs: tuple[str, ...] = ()
    """Folders of further rule packs, relative to the configuration file."""
    disable: tuple[str, ...] = ()
    """Rule or pack ids that are switched off."""
    severity: dict[str, Severity] = {}
    """Severity by rule id, in place of the rule's own."""


class GateConfig(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What fails a run. Without it, a scan reports and gates nothing."""

    fail_on: Severity | None = None
    """Findings of this severity or worse fail the gate."""
    minimum: dict[str, float] = {}
    """Least share in percent by metric id."""
    min_parsed: float = 0.0
    """Least share in percent of files that parse; below it the analysis is incomplete."""
    min_resolved_imports: float = 0.0
    """Least share in percent of imports that resolve."""
    min_known_handlers: float = 0.0
    """Least share in percent of endpoints whose handler is known."""


class Config(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Everything that can be configured."""

    scan: ScanConfig = ScanConfig()
    database: DatabaseConfig = DatabaseConfig()
    logging: LoggingConfig = LoggingConfig()
    validation: ValidationConfig = ValidationConfig()
    middleware: dict[str, tuple[str, ...]] = {}
    """Roles by npm package, or by ``file:name`` of a function of the project."""
    rules: RulesConfig = RulesConfig()
    gate: GateConfig | None = None


ConfigSource = Literal["medpro-audit.toml", "pyproject.toml", "package.json"]
"""Files that are looked for, in this order."""

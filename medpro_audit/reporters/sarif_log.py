"""The part of the SARIF 2.1.0 object model that GitHub reads, in the order in which it is written.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; the comments name its sections.
"""

from typing import Literal

import msgspec
from msgspec import Struct

Level = Literal["error", "warning", "note"]


class _Sarif(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Base of all objects: absent where nothing is said."""


class Message(_Sarif, frozen=True):
    """Plain text."""

    text: str


class MultiformatMessage(_Sarif, frozen=True):
    """Plain text and its Markdown form."""

    text: str
    markdown: str | None = None


class ArtifactLocation(_Sarif, frozen=True):
    """A file by a relative, percent-encoded URI."""

    uri: str | None = None
    uri_base_id: str | None = None
    description: Message | None = None


class Region(_Sarif, frozen=True):
    """A part of a file, 1-based; ``end_column`` is the first column after it."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class PhysicalLocation(_Sarif, frozen=True):
    """Where in the sources."""

    artifact_location: ArtifactLocation
    region: Region | None = None


class Location(_Sarif, frozen=True):
    """A place and what is said of it."""

    physical_location: PhysicalLocation
    message: Message | None = None


class ThreadFlowLocation(_Sarif, frozen=True):
    """One step of a trail."""

    location: Location


class ThreadFlow(_Sarif, frozen=True):
    """The steps of a trail in order."""

    locations: list[ThreadFlowLocation]


class CodeFlow(_Sarif, frozen=True):
    """A trail."""

    thread_flows: list[ThreadFlow]


class Fingerprints(Struct, frozen=True):
    """The only fingerprint that GitHub uses."""

    primary_location_line_hash: str = msgspec.field(name="primaryLocationLineHash")


class Result(_Sarif, frozen=True):
    """A finding."""

    rule_id: str
    rule_index: int
    level: str
    message: Message
    locations: list[Location]
    partial_fingerprints: Fingerprints
    code_flows: list[CodeFlow] = []


class Configuration(_Sarif, frozen=True):
    """The level of a rule unless a result says otherwise."""

    level: str


class RuleProperties(Struct, frozen=True, omit_defaults=True):
    """The properties of a rule that GitHub sorts and filters by."""

    precision: str
    severity: str = msgspec.field(name="problem.severity")
    tags: list[str] = []
    security_severity: str | None = msgspec.field(name="security-severity", default=None)


class ReportingDescriptor(_Sarif, frozen=True):
    """A rule, or a kind of notification."""

    id: str
    name: str | None = None
    short_description: Message | None = None
    full_description: Message | None = None
    help: MultiformatMessage | None = None
    default_configuration: Configuration | None = None
    properties: RuleProperties | None = None


class Driver(_Sarif, frozen=True):
    """The program that made the log."""

    name: str
    semantic_version: str
    rules: list[ReportingDescriptor]
    notifications: list[ReportingDescriptor]


class Tool(_Sarif, frozen=True):
    """Holds the driver."""

    driver: Driver


class DescriptorReference(_Sarif, frozen=True):
    """Points to a kind of notification."""

    id: str
    index: int


class Notification(_Sarif, frozen=True):
    """Something that the analysis could not do."""

    descriptor: DescriptorReference
    level: Level
    message: Message
    locations: list[Location] = []


class Invocation(_Sarif, frozen=True):
    """How the run went."""

    execution_successful: bool
    tool_execution_notifications: list[Notification]


class Run(_Sarif, frozen=True):
    """One run; ``column_kind`` says what a column counts."""

    tool: Tool
    invocations: list[Invocation]
    column_kind: Literal["unicodeCodePoints"]
    original_uri_base_ids: dict[str, ArtifactLocation]
    results: list[Result]


class Log(Struct, frozen=True):
    """The whole file."""

    schema: str = msgspec.field(name="$schema")
    version: str
    runs: list[Run]

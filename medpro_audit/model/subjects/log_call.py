"""A call that writes a log line."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class LogCall(Struct, frozen=True):
    """A call that writes a log line."""

    file: str
    line: int
    backend: str
    logger: Literal["console", "canonical", "other", "unknown"]
    """console; the back end's canonical logger; another logging library or instance; unknown."""
    logger_name: str
    """Source expression of the receiver."""
    package: str | None
    level: str
    role: Literal["server", "script", "test", "browser"]
    """What the module is: rules look at server code only, unless they say otherwise."""
    concatenates: bool
    """Its message is put together by ``+`` or a template with values, though the logger takes, or may take, fields."""
    in_catch: bool
    logs_error: bool
    """False only when it stands in a catch clause, at warning or error level, and neither it nor anything beside it
    tells the caught error or hands it on."""
    sensitive: tuple[str, ...]
    """Names of secrets or personal data among what is logged."""
    has_correlation: bool | None
    """False only for request code that logs without the request-scoped logger or correlation id the back end has; None
    when its logger is unknown, or may add the id in a way that can't be seen."""
    in_request: bool
    """It runs while a request is served."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()
    expects_correlation: bool = False
    """Its back end has a request-scoped logger or a correlation id that the call could carry."""
    is_beyond_logger: bool = False
    """No logger may be used there: the logger's own module loads it or it is that of a logger, the process ends right
    after, or the module talks with whoever sits at the terminal."""
    is_for_terminal: bool = False
    """It writes to the console in a module that takes commands or asks questions there."""
    is_structured: bool = False
    """It writes an object as JSON, with the fields that a logger would give the line."""
    is_switched_on: bool = False
    """It writes to the console only where a switch for that is on, or in development."""
    at_start: bool = False
    """It tells, while the program starts, that something went well."""
    takes_fields: bool | None = False
    """Its logger takes an object of fields beside the message; None when its logger is unknown."""
    tells_failure: bool = False
    """It tells that something failed: by its level, in a catch clause, or by its words or an error that it is given."""
    has_logger: bool = False
    """Its back end is known to have a logger."""

    @property
    def detour(self) -> str:
        """What a call that writes to the console goes without, in words."""
        return "past the logger" if self.has_logger else "and no logger of this back end is known"

    @property
    def identity(self) -> str:
        """File and the call's own source."""
        return f"{self.file} {self.snippet}"


SUBJECT = LogCall

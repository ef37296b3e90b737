"""The methods by which loggers are called."""

from medpro_audit.facts import ir

LEVELS = frozenset(
    [
        "log",
        "trace",
        "debug",
        "verbose",
        "silly",
        "http",
        "info",
        "notice",
        "success",
        "warn",
        "warning",
        "error",
        "fatal",
        "severe",
        "exception",
        "crit",
        "critical",
        "alert",
        "emerg",
        "emergency",
    ]
)
"""Methods of loggers, whatever they are made by; `extract.scan` looks for calls of these."""

SERIOUS = frozenset(
    ["error", "fatal", "severe", "exception", "warn", "warning", "crit", "critical", "alert", "emerg", "emergency"]
)
"""Levels at which a failure is told."""


def level_of(call: ir.Call | ir.New) -> str:
    """The level of a log call: its method, or what ``log('error', …)`` and ``log({ level: 'error' })`` say."""
    method = call.callee.name.lower() if isinstance(call.callee, ir.Member) else ""
    if method != "log" or not call.arguments:
        return method
    match call.arguments[0]:
        case ir.Literal(value=str() as word) if word.lower() in LEVELS and len(call.arguments) > 1:
            return word.lower()
        case ir.Object(properties=properties):
            for entry in properties:
                match entry:
                    case ir.Property(key="level", value=ir.Literal(value=str() as word)):
                        return word.lower()
    return method

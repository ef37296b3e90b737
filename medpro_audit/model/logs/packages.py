"""What is known of npm packages that log. To teach a package, add a line; the names are those of the npm registry."""

from typing import NamedTuple


class LoggingPackage(NamedTuple):
    """A package whose members, or what its functions return, are loggers."""

    takes_fields: bool
    """Its methods take an object of fields beside the message, and write it so that the fields can be searched."""
    members: frozenset[str] = frozenset()
    """Members that are (or make) loggers; empty when the package as a whole does."""


def _package(*members: str, takes_fields: bool = False) -> LoggingPackage:
    return LoggingPackage(takes_fields, frozenset(members))


LOGGING_PACKAGES = {
    "@apify/log": _package(takes_fields=True),
    "@aws-lambda-powertools/logger": _package(takes_fields=True),
    "@azure/logger": _package(),
    "@logtail/node": _package(takes_fields=True),
    "@nestjs/common": _package("Logger", "ConsoleLogger"),
    "@sentry/node": _package("logger", takes_fields=True),
    "@strapi/logger": _package(takes_fields=True),
    "@tsed/logger": _package(),
    "abstract-logging": _package(),
    "bole": _package(takes_fields=True),
    "bunyan": _package(takes_fields=True),
    "consola": _package(),
    "debug": _package(),
    "electron-log": _package(),
    "fancy-log": _package(),
    "fastify": _package("log", takes_fields=True),
    "js-logger": _package(),
    "lambda-log": _package(takes_fields=True),
    "log": _package(),
    "log4js": _package(),
    "loglevel": _package(),
    "loglevelnext": _package(),
    "nestjs-pino": _package("Logger", "PinoLogger", takes_fields=True),
    "npmlog": _package(),
    "pino": _package(takes_fields=True),
    "pino-http": _package("logger", takes_fields=True),
    "roarr": _package(takes_fields=True),
    "rslog": _package(),
    "signale": _package(),
    "simple-node-logger": _package(),
    "tracer": _package(),
    "tslog": _package(takes_fields=True),
    "winston": _package(takes_fields=True),
}

REQUEST_LOGGERS = frozenset(
    [
        "bunyan-middleware",
        "express-bunyan-logger",
        "express-pino-logger",
        "hapi-pino",
        "koa-pino-logger",
        "nestjs-pino",
        "pino-http",
    ]
)
"""Packages that give every request a logger of its own, as its property ``log``."""

REQUEST_IDS = frozenset(
    [
        "@dazn/lambda-powertools-correlation-ids",
        "cls-rtracer",
        "correlation-id",
        "express-correlation-id",
        "express-request-id",
        "hapi-x-request-id",
        "koa-requestid",
    ]
)
"""Packages that give every request an id."""

CONTEXTS = frozenset(
    [
        "@fastify/request-context",
        "@medibloc/nestjs-request-context",
        "async-local-storage",
        "async_hooks",
        "cls-hooked",
        "cls-proxify",
        "continuation-local-storage",
        "express-http-context",
        "nestjs-cls",
        "node:async_hooks",
        "request-context",
    ]
)
"""Packages that keep values for the time of a request: a logger that asks them can write its id by itself."""

TRACERS = frozenset(
    [
        "@newrelic/pino-enricher",
        "@newrelic/winston-enricher",
        "@opentelemetry/auto-instrumentations-node",
        "@opentelemetry/instrumentation-bunyan",
        "@opentelemetry/instrumentation-pino",
        "@opentelemetry/instrumentation-winston",
        "@opentelemetry/sdk-node",
        "dd-trace",
        "elastic-apm-node",
        "newrelic",
    ]
)
"""Packages that, once started, may add the id of a trace to what other packages log."""
TRACED = frozenset(("bunyan", "pino", "winston"))
"""Logging packages that they know."""


def logging_package(package: str, member: str) -> LoggingPackage | None:
    """What is known of a member of a package as a logger; None when it is none.

    Args:
        package: Its name.
        member: Dotted path of what is called, calls left out: ``log.info`` of ``fastify().log.info``.
    """
    known = LOGGING_PACKAGES.get(package)
    if known is None or (known.members and member.partition(".")[0] not in known.members):
        return None
    return known

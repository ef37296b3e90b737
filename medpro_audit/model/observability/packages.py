"""What npm packages do for whoever watches a server. To teach one, add a line; the names are those of the registry."""

AGENTS = (
    "dd-trace",
    "newrelic",
    "elastic-apm-node",
    "applicationinsights",
    "@instana/collector",
    "@appsignal/nodejs",
    "@dynatrace/oneagent",
    "@scout_apm/scout-apm",
    "atatus-nodejs",
    "skywalking-backend-js",
)
"""Agents that, once loaded, record requests, durations and errors by themselves."""

TELEMETRY = (
    "@honeycombio/opentelemetry-node",
    "@splunk/otel",
    "@vercel/otel",
    "@azure/monitor-opentelemetry",
    "@elastic/opentelemetry-node",
    "@google-cloud/trace-agent",
)
"""Distributions of OpenTelemetry, which trace what they instrument once they are started."""
TELEMETRY_PARTS = (
    "@opentelemetry/auto-instrumentations-node",
    "@opentelemetry/instrumentation-http",
    "@opentelemetry/instrumentation-express",
    "@opentelemetry/instrumentation-koa",
)
"""Parts of OpenTelemetry that trace requests, once they are registered."""

HEALTH = (
    "express-actuator",
    "express-healthcheck",
    "@cloudnative/health-connect",
    "@cloudnative/health",
    "@godaddy/terminus",
    "lightship",
    "express-health",
    "@node-healthcheck/server",
)
"""Packages that answer health checks by themselves."""

METRICS = (
    "prom-client",
    "express-prom-bundle",
    "express-prometheus-middleware",
    "express-metrics",
    "express-actuator",
    "prometheus-api-metrics",
    "koa-prometheus",
    "@hono/prometheus",
    "@willsoto/nestjs-prometheus",
    "swagger-stats",
    "express-status-monitor",
    "@opentelemetry/sdk-metrics",
    "@opentelemetry/exporter-prometheus",
    "hot-shots",
    "node-statsd",
    "statsd-client",
    "node-dogstatsd",
    "datadog-metrics",
    "appmetrics",
    "appmetrics-dash",
    "@aws-lambda-powertools/metrics",
)
"""Packages that collect metrics."""
SELF_EXPOSING = frozenset(
    [
        "express-actuator",
        "express-prom-bundle",
        "express-prometheus-middleware",
        "prometheus-api-metrics",
        "koa-prometheus",
        "swagger-stats",
        "express-status-monitor",
        "appmetrics-dash",
        "@opentelemetry/exporter-prometheus",
        "hot-shots",
        "node-statsd",
        "statsd-client",
        "node-dogstatsd",
        "datadog-metrics",
        "@aws-lambda-powertools/metrics",
    ]
)
"""Of these, the ones that expose or send what they collect by themselves."""
MEASURING = frozenset(
    [
        "express-prom-bundle",
        "express-prometheus-middleware",
        "prometheus-api-metrics",
        "koa-prometheus",
        "@hono/prometheus",
        "swagger-stats",
        "express-status-monitor",
        "prom-client",
        "hot-shots",
        "node-statsd",
        "statsd-client",
        "node-dogstatsd",
        "datadog-metrics",
    ]
)
"""Packages that, used in a middleware, measure requests."""

LOGGING = frozenset(
    [
        "morgan",
        "morgan-body",
        "pino-http",
        "express-pino-logger",
        "express-winston",
        "express-bunyan-logger",
        "express-requests-logger",
        "bunyan-middleware",
        "winston-express-middleware",
        "koa-logger",
        "koa-morgan",
        "koa-pino-logger",
        "hono.logger",
    ]
)
"""Middleware that writes a line for each request; of a package that does more, with its member."""
CORRELATING = frozenset(
    [
        "pino-http",
        "express-pino-logger",
        "koa-pino-logger",
        "express-request-id",
        "express-correlation-id",
        "express-bunyan-logger",
        "bunyan-middleware",
        "correlation-id",
        "cls-rtracer",
        "koa-requestid",
        "hono.requestId",
        "@sentry/node.Handlers.requestHandler",
    ]
)
"""Middleware that gives each request an id."""

TRACKERS = (
    "@sentry/node",
    "@sentry/profiling-node",
    "@sentry/nestjs",
    "@bugsnag/js",
    "@bugsnag/node",
    "@bugsnag/plugin-express",
    "bugsnag",
    "rollbar",
    "@honeybadger-io/js",
    "@airbrake/node",
    "airbrake",
    "raygun",
    "@google-cloud/error-reporting",
    "@rollbar/node",
    "@highlight-run/node",
)
"""Packages that report errors to a service."""
SHUTDOWN = (
    "http-graceful-shutdown",
    "@godaddy/terminus",
    "@gquittet/graceful-server",
    "lightship",
    "close-with-grace",
    "http-terminator",
    "http-shutdown",
    "express-graceful-shutdown",
    "@moebius/http-graceful-shutdown",
    "stoppable",
    "node-graceful-shutdown",
    "node-graceful",
    "@fastify/graceful-shutdown",
)
"""Packages that close a server on a signal, or on request."""
HANDLING_SIGNALS = frozenset(
    (
        *("http-graceful-shutdown", "@godaddy/terminus", "@gquittet/graceful-server", "lightship"),
        *("close-with-grace", "express-graceful-shutdown", "@moebius/http-graceful-shutdown"),
        *("node-graceful-shutdown", "node-graceful"),
    )
)
"""Of these, the ones that listen for the signals by themselves."""

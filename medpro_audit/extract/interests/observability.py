"""What tells how a server is watched: metrics, error trackers, signals, ids of requests."""

from medpro_audit.extract.interests import Interest

INTERESTS = (
    Interest("process-event", rb"process\.(on|once|addListener|prependListener)\s*\(", "call"),
    Interest("metrics-start", rb"(collectDefaultMetrics)\s*\(", "call"),
    Interest("metrics-exposed", rb"\.(metrics|getMetricsAsJSON)\s*\(\s*\)", "call"),
    Interest("telemetry-start", rb"new\s+(?:[\w$]+\.)?(NodeSDK|NodeTracerProvider|BasicTracerProvider)\s*\(", "call"),
    Interest("telemetry-start", rb"(registerInstrumentations)\s*\(", "call"),
    Interest("tracker-start", rb"\.(init|start|initialize)\s*\(", "call"),
    Interest("tracker-start", rb"new\s+(?:[\w$]+\.)?(Rollbar|Notifier|ErrorReporting|Raygun\.Client)\s*\(", "call"),
    Interest("tracker-call", rb"(captureException)\s*\(", "call"),
    Interest("tracker-call", rb"(captureError)\s*\(", "call"),
    Interest("tracker-call", rb"(noticeError)\s*\(", "call"),
    Interest("tracker-call", rb"(reportError)\s*\(", "call"),
    Interest("tracker-call", rb"\.(notify)\s*\(", "call"),
    Interest("tracker-wiring", rb"(setup(?:Express|Koa|Hono)ErrorHandler)\s*\(", "call"),
    Interest("tracker-wiring", rb"\.(errorHandler|expressErrorHandler|expressErrorMiddleware)\s*\(", "call"),
    Interest("request-id", rb"equest(-[iI][dD])", "string"),
    Interest("request-id", rb"orrelation(-[iI][dD])", "string"),
    Interest("request-id", rb"race(-[iI][dD])", "string"),
)

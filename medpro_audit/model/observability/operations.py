"""Alerts and dashboards that stand in the repository: Prometheus, Grafana, Datadog, New Relic, the clouds.

https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules,
https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from medpro_audit.core.place import Place, Step
from medpro_audit.model.known import Known
from medpro_audit.model.observability.agents import agent_of
from medpro_audit.model.observability.packages import TRACKERS
from medpro_audit.model.observability.sphere import Sphere
from medpro_audit.model.subjects.observability_setup import ObservabilitySetup, Practice

MAX_FILES = 300
"""Further files are not looked into."""

_CANDIDATE = re.compile(
    r".*\.tf(\.json)?"
    r"|(.*/)?(docker-)?compose[\w.-]*\.ya?ml"
    r"|.*(alert|rule|prometheus|grafana|dashboard|monitor|observab|otel|telemetry)[^/]*(/.*)?\.(ya?ml|json)",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(
    r"(^|/)(src|app|client|frontend|ui|locales?|i18n|translations?|node_modules|tests?|docs?)/", re.IGNORECASE
)
_SIGNS: Mapping[str, tuple[tuple[str, re.Pattern[bytes]], ...]] = {
    "alerting": (
        ("Prometheus", re.compile(rb"^\s*-?\s*alert\s*:\s*\S+(?s:.{0,2000}?)^\s*-?\s*expr\s*:", re.MULTILINE)),
        ("Alertmanager", re.compile(rb"^\s*image\s*:\s*['\"]?[\w./-]*alertmanager\b", re.MULTILINE)),
        ("Grafana", re.compile(rb"^\s*apiVersion\s*:\s*1\b(?s:.*?)^\s*groups\s*:(?s:.*?)datasourceUid", re.MULTILINE)),
        (
            "Terraform",
            re.compile(
                rb"resource\s+\"(datadog_monitor|newrelic_(nrql_)?alert_\w+|grafana_rule_group|aws_cloudwatch_metric_alarm"
                rb"|azurerm_monitor_\w*alert\w*|google_monitoring_alert_policy|pagerduty_service|sentry_(issue|metric)_alert)\""
            ),
        ),
    ),
    "dashboard": (
        (
            "Grafana",
            re.compile(rb"\"panels\"\s*:\s*\[(?s:.*)\"schemaVersion\"|\"schemaVersion\"(?s:.*)\"panels\"\s*:\s*\["),
        ),
        ("Grafana", re.compile(rb"^\s*image\s*:\s*['\"]?[\w./-]*grafana/grafana\b", re.MULTILINE)),
        (
            "Terraform",
            re.compile(
                rb"resource\s+\"(datadog_dashboard(_json)?|newrelic_one_dashboard\w*|grafana_dashboard"
                rb"|aws_cloudwatch_dashboard|google_monitoring_dashboard|azurerm_portal_dashboard)\""
            ),
        ),
    ),
}
_MISSING: Mapping[Practice, str] = {
    "alerting": "no alert is described in the repository",
    "dashboard": "no dashboard is described in the repository",
}
_BUILT_IN = ("express-status-monitor", "swagger-stats", "appmetrics-dash")
"""Packages that show a dashboard by themselves."""


def operations(sphere: Sphere, found: Mapping[str, tuple[str, str, int]]) -> Iterator[ObservabilitySetup]:
    """Alerts and dashboards; ``found`` is what `artefacts` says of the repository."""
    hosted = agent_of(sphere)
    tracker = sphere.uses(TRACKERS)
    service = hosted.package if hosted is not None else tracker.package if tracker is not None else ""
    shown = sphere.uses(_BUILT_IN)
    for practice, what in _MISSING.items():
        kept = found.get(practice)
        if kept is None and practice == "dashboard" and shown is not None:
            kept = (shown.package, shown.place.file, shown.place.line)
        if kept is not None:
            tool, file, line = kept
            step = Step(file, line, f"described for {tool}")
            yield sphere.setup(practice, Place(file, line), tool=tool, is_set_up=True, trail=(step,))
        elif service:
            yield sphere.setup(
                practice, sphere.home, is_set_up=None, problem=f"it may be kept where {service} reports to"
            )
        else:
            yield sphere.setup(practice, sphere.home, problem=what)


def artefacts(known: Known) -> Mapping[str, tuple[str, str, int]]:
    """The first file of the repository that describes alerts, and the first of dashboards: tool, path and line."""
    base = known.base
    paths = [
        path
        for path in sorted({*base.inventory.paths, *base.inventory.around})
        if _CANDIDATE.fullmatch(path) and not _NOT_OURS.search(path)
    ]
    found: dict[str, tuple[str, str, int]] = {}
    for path in paths[:MAX_FILES]:
        content = base.read_asset(path) or b""
        for practice, signs in _SIGNS.items():
            for tool, sign in signs:
                match = sign.search(content) if practice not in found else None
                if match is not None:
                    found[practice] = (tool, path, content.count(b"\n", 0, match.start()) + 1)
    return found

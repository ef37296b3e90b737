"""What real Express applications say of themselves: fixtures are booted, and compared with what was extracted.

The Node side is `dump.cjs`, which can be used by itself: ``node tests/oracle/dump.cjs FIXTURE_DIR --express 5``.
"""

from oracle.comparison import compare, compare_validation
from oracle.fixtures import (
    FIXTURES,
    VERSIONS,
    ExpressVersion,
    Probe,
    expected_validation,
    fixtures,
    probes,
    settings,
)
from oracle.probing import unprobed, wrong_answers
from oracle.rows import Handler, Middleware, Part, Row, extracted, normal_path
from oracle.running import OracleError, dump, is_continuous_integration, runs, unavailable

__all__ = [
    "FIXTURES",
    "VERSIONS",
    "ExpressVersion",
    "Handler",
    "Middleware",
    "OracleError",
    "Part",
    "Probe",
    "Row",
    "compare",
    "compare_validation",
    "dump",
    "expected_validation",
    "extracted",
    "fixtures",
    "is_continuous_integration",
    "normal_path",
    "probes",
    "runs",
    "settings",
    "unavailable",
    "unprobed",
    "wrong_answers",
]

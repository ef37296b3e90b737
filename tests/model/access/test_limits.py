"""What limits the rate of requests to an endpoint."""

import pytest

from model.access.callers import served

LIMITER = "const { rateLimit } = require('express-rate-limit');"
ROUTE = "app.get('/x', (req, res) => res.json([]));"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (ROUTE, ("no", False, None, None)),
        (f"app.use(rateLimit({{ windowMs: 60_000, limit: 100 }})); {ROUTE}", ("yes", False, 100, 60)),
        (f"app.use(rateLimit({{ windowMs: 60_000, max: 10 }})); {ROUTE}", ("yes", True, 10, 60)),
        (f"{ROUTE} app.use(rateLimit({{ windowMs: 60_000, limit: 100 }}));", ("no", False, None, None)),
        (f"app.use('/y', rateLimit({{ windowMs: 60_000, limit: 100 }})); {ROUTE}", ("no", False, None, None)),
        (f"app.use('/x', rateLimit({{ windowMs: 60_000, limit: 100 }})); {ROUTE}", ("yes", True, 100, 60)),
        (
            "app.get('/x', rateLimit({ windowMs: 60_000, limit: 100 }), (req, res) => res.json([]));",
            ("yes", True, 100, 60),
        ),
        (f"app.use(require('./limits').apiLimiter); {ROUTE}", ("unknown", None, None, None)),
        (f"if (process.env.NODE_ENV === 'production') app.use(rateLimit({{}})); {ROUTE}", ("yes", False, None, None)),
        (f"if (flags().limits) app.use(rateLimit({{}})); {ROUTE}", ("unknown", None, None, None)),
        (
            (
                "const seen = new Map(); app.use((req, res, next) => {"
                f" if (count(seen, req.ip) > 100) return res.sendStatus(429); next(); }}); {ROUTE}"
            ),
            ("yes", False, None, None),
        ),
    ],
)
def test_a_limit_is_known_by_its_package_or_by_what_it_answers(
    source: str, expected: tuple[str, bool | None, int | None, int | None]
) -> None:
    """Where it is in effect, how strict it is, and what it allows."""
    limit = served(f"{LIMITER}\n{source}").rate_limit
    assert (limit.status, limit.is_strict, limit.requests, limit.window) == expected

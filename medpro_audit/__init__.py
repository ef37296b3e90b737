"""Static analysis and quality gate for Express back ends: a verdict per endpoint, with the trail that proves it."""

__version__ = "0.1.0"

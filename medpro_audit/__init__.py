"""Static analysis and quality gate for Express back ends: a verdict for every endpoint, with the trail that proves it."""

__version__ = "0.1.0"

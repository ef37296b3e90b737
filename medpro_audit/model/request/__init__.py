"""The symbolic request: what middleware and handlers read of it, and what has been validated by then."""

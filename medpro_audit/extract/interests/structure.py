"""Calls that ask a database or another server, wherever they stand."""

from medpro_audit.extract.interests import Interest

QUERY = "query"
FETCH = "fetch"

INTERESTS = (
    Interest(QUERY, rb"\.(query)\s*[(<]", "call"),
    Interest(QUERY, rb"\.(execute)\s*[(<]", "call"),
    Interest(FETCH, rb"(fetch)\s*\(", "call"),
)

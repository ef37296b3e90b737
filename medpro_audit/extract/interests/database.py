"""Connections that are taken from a pool, transactions, and listeners for what goes wrong on a connection."""

from medpro_audit.extract.interests import Interest

INTERESTS = (
    Interest("checkout", rb"\.(getConnection|acquireConnection)\s*\(", "call"),
    Interest("checkout", rb"\.(connect)\s*\(\s*\)", "call"),
    Interest("transaction", rb"\.(beginTransaction)\s*\(", "call"),
    Interest("transaction", rb"\.(transaction)\s*\(\s*\)", "call"),
    Interest(
        "transaction",
        rb"\.(query|execute)\s*\(\s*['\"`](?:BEGIN|begin|Begin|START TRANSACTION|start transaction)\b",
        "call",
    ),
    Interest("error-listener", rb"\.(on|once|addListener)\s*\(\s*['\"`]error['\"`]", "call"),
)

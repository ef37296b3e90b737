"""A hand-kept status document, held against what was measured: its claims, and where it contradicts itself."""

"""Comments that accept findings of rules."""

from medpro_audit.extract.interests import Interest

INTERESTS = (Interest("suppression", rb"(medpro-audit-ignore)", "comment"),)

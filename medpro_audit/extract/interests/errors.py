"""What is thrown, and what the process does when nobody has caught it."""

from medpro_audit.extract.interests import Interest

INTERESTS = (
    Interest("thrown", rb"throw\s+new\s+(?:[\w$]+\.)*([\w$]+)\s*\(", "call"),
    Interest("thrown-text", rb"throw\s+[\"'`]([^\"'`$])", "string"),
    Interest("process-event", rb"process\.(on|once|addListener)\s*\(", "call"),
)

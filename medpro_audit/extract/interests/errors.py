"""What is thrown, by the program itself or by what it parses, and what the process does when nobody has caught it."""

from medpro_audit.extract.interests import Interest

INTERESTS = (
    Interest("thrown", rb"throw\s+new\s+(?:[\w$]+\.)*([\w$]+)\s*\(", "call"),
    Interest("thrown-text", rb"throw\s+[\"'`]([^\"'`$])", "string"),
    Interest(
        "request-json",
        rb"JSON\.(parse)\s*\(\s*(?:req|request|ctx|context)\.(?:request\.|req\.)?(?:body|query|params|headers|cookies)\b",
        "call",
    ),
    Interest("process-event", rb"process\.(on|once|addListener)\s*\(", "call"),
)

"""API documentation in the code: comments that hold OpenAPI, and operations registered by calls."""

from medpro_audit.extract.interests import Interest

INTERESTS = (
    Interest("openapi-comment", rb"(@swagger)(?![\w$])", "comment"),
    Interest("openapi-comment", rb"(@openapi)(?![\w$])", "comment"),
    Interest("apidoc-comment", rb"(@api)\s*\{", "comment"),
    Interest("openapi-path", rb"\.(registerPath)\s*\(", "call"),
    Interest("openapi-document", rb"\.(generateDocument)\s*\(", "call"),
)

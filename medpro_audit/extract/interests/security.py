"""Tokens, cookies and settings that decide how safe a server is, wherever they stand."""

from medpro_audit.extract.interests import Interest

INTERESTS = (
    Interest("token", rb"\.(sign)\s*\(", "call"),
    Interest("token", rb"(?<![\w$.])(sign)\s*\(", "call"),
    Interest("token", rb"\.(verify)\s*\(", "call"),
    Interest("token", rb"(?<![\w$.])(verify)\s*\(", "call"),
    Interest("token", rb"(jwtVerify)\s*\(", "call"),
    Interest("token", rb"(JwtStrategy)\s*\(", "call"),
    Interest("cookie", rb"\.(cookie)\s*\(", "call"),
    Interest("application-setting", rb"\.(set)\s*\(\s*['\"`](?:trust proxy|x-powered-by)", "call"),
    Interest("application-setting", rb"\.(enable)\s*\(\s*['\"`](?:trust proxy|x-powered-by)", "call"),
    Interest("application-setting", rb"\.(disable)\s*\(\s*['\"`](?:trust proxy|x-powered-by)", "call"),
)

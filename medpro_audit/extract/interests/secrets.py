"""Strings that may be secrets, by their look or by the name that they are given; and how passwords are hashed.

Few patterns that take in a little more than is wanted: each costs a search, and the names are looked at later.
"""

from medpro_audit.extract.interests import Interest

_LOOKS = (
    rb"(AKIA[0-9A-Z]{16})\b",
    rb"(AIza[0-9A-Za-z_-]{35})",
    rb"(gh[opusr]_[0-9A-Za-z]{36})",
    rb"(github_pat_[0-9A-Za-z_]{22,})",
    rb"(glpat-[0-9A-Za-z_-]{20})",
    rb"(npm_[0-9A-Za-z]{36})",
    rb"(k_live_[0-9A-Za-z]{16,})",
    rb"(xox[abprs]-[0-9A-Za-z-]{10,})",
    rb"(SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43})",
    rb"(sk-(?:ant|proj)-[0-9A-Za-z_-]{20,})",
    rb"(-----BEGIN (?:[A-Z]+ )?PRIVATE KEY)",
    rb"(eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,})",
    rb"(hooks\.slack\.com/services/T[0-9A-Z]+/B[0-9A-Z]+/[0-9A-Za-z]{20,})",
    rb"://([^\s:/@'\"`${}<>]{1,64}:[^\s/@'\"`${}<>]{3,64}@)",
)
_STEMS = (b"ecret", b"SECRET", b"assw", b"PASSW", b"oken", b"TOKEN", b"Key", b"_KEY", b"_key")
_GIVEN = rb"\w{0,12}['\"\]]{0,2}\s*(?::\s*string\s*)?(?:=(?![=>])|:|\|\||\?\?)\s*(['\"`][^'\"`\n\\]{4,200}['\"`])"
_HASHES = (
    rb"bcrypt\w*\.(hash(?:Sync)?|genSalt(?:Sync)?)\s*\(",
    rb"bCrypt\w*\.(hash(?:Sync)?|genSalt(?:Sync)?)\s*\(",
    rb"argon2\w*\.(hash)\s*\(",
    rb"(pbkdf2(?:Sync)?)\s*\(",
    rb"(scrypt(?:Sync)?)\s*\(",
    rb"createH(?:ash|mac)\([^()\n]{1,80}\)\s*\.(update)\s*\(",
    rb"CryptoJS\.(MD5|SHA1|SHA256|SHA512)\s*\(",
    rb"(md5)\s*\(",
    rb"(sha(?:1|256|512))\s*\(",
)

INTERESTS = (
    *(Interest("secret-by-look", pattern, "string") for pattern in _LOOKS),
    *(Interest("secret-by-name", stem + _GIVEN, "string") for stem in _STEMS),
    *(Interest("password-hash", pattern, "call") for pattern in _HASHES),
)

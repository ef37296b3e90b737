"""Headers by which a proxy in front of the program says who calls, which it takes away where a client sends them."""

from __future__ import annotations

import re

from medpro_audit.model.request.records import Summary

_HEADERS = re.compile(
    r"^(?:x-)?shib(?:boleth)?[-_]|^(?:x-)?remote[-_]user$|^oidc[-_]claim[-_]|^(?:x-)?mellon[-_]"
    r"|^x-forwarded-(?:user|email|groups|preferred-username)$|^x-auth-request-(?:user|email|groups|preferred-username)$"
    r"|^x-amzn-oidc-|^x-ms-client-principal|^x-ms-token-|^x-goog-authenticated-user-|^x-goog-iap-|^cf-access-"
    r"|^x-webauth-|^sm_?(?:user|universalid)$|^x-authentik-|^remote-(?:groups|name|email)$|^tailscale-user-"
    r"|^x-pomerium-|^x-vouch-|^x-consumer-(?:id|username|custom-id)$|^x-authenticated-(?:userid|user|groups)$"
    r"|^ssl[-_]client[-_](?:s[-_]dn|verify|cert)|^x-(?:ssl-)?client-(?:dn|cert|verify)|^iv-(?:user|groups|creds)$",
    re.IGNORECASE,
)
"""Those of Shibboleth, oauth2-proxy, Authelia, the modules of Apache, gateways of clouds, client certificates."""


def asked_of_proxy(summary: Summary) -> str | None:
    """The header by which a function learns from a proxy who calls, if it reads one."""
    read = sorted(use.path[0] for use in summary.uses if use.part == "headers" and use.path)
    return next((name for name in read if _HEADERS.search(name)), None)

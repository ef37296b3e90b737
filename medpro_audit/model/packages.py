"""What npm packages are for, as middleware: the second source of roles, after the configuration.

A key is a package, or a package and the member that is used (``express.json``). Packages that do several things
(passport) are listed by member. The names are those of the npm registry.
"""

from medpro_audit.model.subjects import Role

ROLES: dict[str, tuple[Role, ...]] = {
    "apicache": ("cache",),
    "body-parser": ("body-parser",),
    "celebrate": ("validation",),
    "compression": ("compression",),
    "connect-flash": ("session",),
    "connect-multiparty": ("upload",),
    "connect-timeout": (),
    "cookie-parser": ("cookies",),
    "cookie-session": ("session",),
    "cors": ("cors",),
    "csrf-csrf": ("csrf",),
    "csurf": ("csrf",),
    "errorhandler": ("error-handler",),
    "express.json": ("body-parser",),
    "express.raw": ("body-parser",),
    "express.static": ("static",),
    "express.text": ("body-parser",),
    "express.urlencoded": ("body-parser",),
    "express-basic-auth": ("authentication",),
    "express-bearer-token": (),
    "express-fileupload": ("upload",),
    "express-jwt": ("authentication",),
    "express-list-endpoints": (),
    "express-mongo-sanitize": ("sanitising",),
    "express-oauth2-jwt-bearer": ("authentication",),
    "express-openapi-validator": ("validation",),
    "express-pino-logger": ("logging",),
    "express-prom-bundle": ("metrics",),
    "express-rate-limit": ("rate-limit",),
    "express-request-id": ("logging",),
    "express-session": ("session",),
    "express-slow-down": ("rate-limit",),
    "express-static-gzip": ("static",),
    "express-status-monitor": ("metrics",),
    "express-unless": (),
    "express-validator": ("validation",),
    "express-winston": ("logging",),
    "express-xss-sanitizer": ("sanitising",),
    "formidable": ("upload",),
    "helmet": ("security-headers",),
    "hpp": ("sanitising",),
    "http-proxy-middleware": (),
    "jwks-rsa": (),
    "lusca.csrf": ("csrf",),
    "method-override": (),
    "morgan": ("logging",),
    "multer": ("upload",),
    "on-finished": (),
    "passport.authenticate": ("authentication",),
    "passport.initialize": (),
    "passport.session": ("session",),
    "pino-http": ("logging",),
    "prom-client": ("metrics",),
    "rate-limiter-flexible": ("rate-limit",),
    "redoc-express": ("documentation",),
    "response-time": ("metrics",),
    "serve-favicon": ("static",),
    "serve-index": ("static",),
    "serve-static": ("static",),
    "swagger-ui-express": ("documentation",),
    "vhost": (),
    "xss-clean": ("sanitising",),
    "@asteasolutions/zod-to-openapi": ("documentation",),
    "@scalar/express-api-reference": ("documentation",),
    "@sentry/node": ("metrics",),
}


def roles_of_package(package: str, member: str) -> tuple[Role, ...] | None:
    """Roles of a package's member, longest match first; None when nothing is known of the package."""
    parts = member.split(".") if member else []
    for length in range(len(parts), -1, -1):
        found = ROLES.get(".".join((package, *parts[:length])))
        if found is not None:
            return found
    return None

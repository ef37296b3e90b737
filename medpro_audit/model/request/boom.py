"""Answers by ``res.boom``, which the package express-boom adds: ``res.boom.unauthorized('Log in first')``.

https://github.com/scottcorgan/express-boom, https://hapi.dev/module/boom/api (HTTP 4xx and 5xx errors)
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import Constant, Item, ObjectValue, Site, Unknown, Value
from medpro_audit.model.request.base import FromRequest

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.request.exchange import Response

_STATUSES = {
    "badRequest": 400,
    "unauthorized": 401,
    "paymentRequired": 402,
    "forbidden": 403,
    "notFound": 404,
    "methodNotAllowed": 405,
    "notAcceptable": 406,
    "proxyAuthRequired": 407,
    "clientTimeout": 408,
    "conflict": 409,
    "resourceGone": 410,
    "lengthRequired": 411,
    "preconditionFailed": 412,
    "entityTooLarge": 413,
    "uriTooLong": 414,
    "unsupportedMediaType": 415,
    "rangeNotSatisfiable": 416,
    "expectationFailed": 417,
    "teapot": 418,
    "badData": 422,
    "locked": 423,
    "failedDependency": 424,
    "preconditionRequired": 428,
    "tooManyRequests": 429,
    "illegal": 451,
    "internal": 500,
    "badImplementation": 500,
    "notImplemented": 501,
    "badGateway": 502,
    "serverUnavailable": 503,
    "gatewayTimeout": 504,
}


class Boom(FromRequest):
    """``res.boom``: each of its methods sets a status and answers."""

    __slots__ = ("_response",)

    def __init__(self, response: Response) -> None:
        self._response = response

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Answer with the status that the name says; of another method the status isn't known."""
        status = _STATUSES.get(name)
        value = Constant(status) if status is not None else Unknown("the error says its status", site.place)
        self._response.invoke(interpreter, "status", (Item(value),), site)
        return self._response.invoke(interpreter, "send", (Item(_payload(value, arguments)),), site)


def _payload(status: Value, arguments: tuple[Item, ...]) -> ObjectValue:
    """What is sent: of a fault of the server, nothing that it was told."""
    payload = ObjectValue()
    payload.properties["statusCode"] = status
    payload.properties["error"] = Unknown("the name of the status")
    is_told = arguments and not (isinstance(status, Constant) and status.value == HTTPStatus.INTERNAL_SERVER_ERROR)
    payload.properties["message"] = arguments[0].value if is_told else Unknown("what the status says")
    return payload

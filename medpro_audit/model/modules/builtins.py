"""The modules that Node brings along (Node 24)."""

_PLAIN = frozenset(
    """
    _http_agent _http_client _http_common _http_incoming _http_outgoing _http_server _stream_duplex
    _stream_passthrough _stream_readable _stream_transform _stream_wrap _stream_writable _tls_common _tls_wrap
    assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel
    dns dns/promises domain events fs fs/promises http http2 https inspector inspector/promises module net os path
    path/posix path/win32 perf_hooks process punycode querystring readline readline/promises repl stream
    stream/consumers stream/promises stream/web string_decoder sys timers timers/promises tls trace_events tty url
    util util/types v8 vm wasi worker_threads zlib
    """.split()  # noqa: SIM905 -- a list would be four times as long
)
_PREFIXED = frozenset(("sea", "sqlite", "test", "test/reporters"))
"""Only known as ``node:…``."""


def builtin_name(specifier: str) -> str | None:
    """The module's name without ``node:``; None for anything that is not a module of Node."""
    if specifier in _PLAIN:
        return specifier
    name = specifier.removeprefix("node:")
    return name if name != specifier and (name in _PLAIN or name in _PREFIXED) else None

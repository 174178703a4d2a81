"""The double's own server: threads on the loopback interface, with connections that can break."""

import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .exchange import Answer, Ending, Request

__all__ = ('Server',)


class Server:
    """Serves one function at a port."""

    def __init__(self, answer: Callable[[Request], Answer], failed: Callable[[str], None], port: int) -> None:
        handler = type('Handler', (_Handler,), {'answer_request': staticmethod(answer)})
        self._server = _Server(('127.0.0.1', port), handler)
        self._server.failed = failed
        self.port: int = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={'poll_interval': 0.01}, name='github', daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    failed: Callable[[str], None]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Make an error of the double's own known to the test, instead of printing it."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            self.failed(''.join(traceback.format_exception(error)))


class _Handler(BaseHTTPRequestHandler):
    answer_request: Callable[[Request], Answer]
    protocol_version = 'HTTP/1.1'
    server_version = 'GitHub.com'
    sys_version = ''
    wbufsize = -1  # head and body in one packet, or each answer waits for an acknowledgement
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self._body()
        request = Request(
            self.command, unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True)), self.headers, body
        )
        self._reply(self.answer_request(request))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815  the names are the base class's

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Keep quiet: the requests are recorded."""

    def _body(self) -> bytes:
        if self.headers.get('Transfer-Encoding') != 'chunked':
            return self.rfile.read(int(self.headers.get('Content-Length') or 0))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b''.join(chunks)

    def _reply(self, answer: Answer) -> None:
        if answer.ending is Ending.RESET:
            self._reset()
            return
        body = answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        has_body = answer.status not in {204, 304}
        if has_body:
            if body:
                self.send_header('Content-Type', answer.content_type)
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if has_body and self.command != 'HEAD':
            self.wfile.write(body[: len(body) // 2] if answer.ending is Ending.CUT_OFF else body)
        if answer.ending is Ending.CUT_OFF:
            self.wfile.flush()
            self.close_connection = True

    def _reset(self) -> None:
        # Without lingering, closing sends a reset and no orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.connection.close()
        self.close_connection = True

"""Somebody who listens to webhooks, on the loopback interface."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ('Listener', 'listening')


@dataclass
class Listener:
    """What was heard: the headers and the raw body of each delivery."""

    url: str = ''
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    # What the next deliveries are answered with.
    status: int = 202


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen until the block ends."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers['Content-Length']))
            listener.heard.append((dict(self.headers), body))
            self.send_response(listener.status)
            self.send_header('Content-Length', '0')
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
            """Keep quiet."""

    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    listener.url = f'http://127.0.0.1:{server.server_port}/hook'
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01}, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

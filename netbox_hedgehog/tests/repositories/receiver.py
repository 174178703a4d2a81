"""A server that webhooks call: it answers as told, and keeps what came."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """What was called, and what it is answered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.status = 202
        self.calls: list[tuple[dict[str, str], bytes]] = []


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers['Content-Length']))
            receiver.calls.append((dict(self.headers), body))
            self.send_response(receiver.status)
            self.send_header('Content-Length', '0')
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    receiver = Receiver(f'http://127.0.0.1:{server.server_port}/webhook')
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

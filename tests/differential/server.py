"""CPython's `http.server` for our client to talk to: `server.py HTTP/1.0|HTTP/1.1` prints its port, and serves."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        getattr(self, "get_" + self.path.strip("/"), self.get_nothing)()

    do_HEAD = do_GET

    def get_hello(self):
        self.answer(200, b"hello")

    def get_empty(self):
        self.answer(204, None)

    def get_large(self):
        self.answer(200, b"x" * 3_000_000)

    def get_until_close(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"until the end")
        self.close_connection = True

    def get_short(self):
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"short")
        self.close_connection = True

    def get_chunked(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Trailer", "X-Sum")
        self.end_headers()
        for piece in (b"one ", b"two ", b"three"):
            self.wfile.write(b"%X\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\nX-Sum: 3\r\n\r\n")

    def get_nothing(self):
        self.send_error(404, explain="<nothing>")

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b"".join(iter(self.chunk, b""))
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, body)

    def chunk(self):
        """One chunk by hand: `http.server` knows none."""
        size = int(self.rfile.readline(), 16)
        piece = self.rfile.read(size)
        self.rfile.readline()
        return piece

    def answer(self, status, body):
        self.send_response(status)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and body:
            self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Handler.protocol_version = sys.argv[1]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()

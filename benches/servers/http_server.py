#!/usr/bin/env python3
"""Python's http.server, as its manual shows it: a handler class, a thread for each connection."""

import argparse
import itertools
import json
import ssl
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GREETING = {"message": "Hello, World!"}
ZEROS = bytes(64 * 1024)
USERS = [
    {"id": n, "name": f"User {n}", "email": f"user{n}@example.org", "age": 30, "active": True} for n in range(1000)
]
NUMBERS = itertools.count(1000)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        match self.path.split("/")[1:]:
            case ["plaintext"]:
                self.answer("text/plain", b"Hello, World!")
            case ["json"]:
                self.json(GREETING)
            case ["api", "users", number]:
                self.numbered(number, lambda id: self.json(USERS[id % 1000] | {"id": id}))
            case ["download", length]:
                self.numbered(length, self.download)
            case _:
                self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self):
        match self.path:
            case "/api/users":
                self.create()
            case "/upload":
                pieces = self.chunks() if "Transfer-Encoding" in self.headers else self.pieces()
                self.json({"bytes": sum(map(len, pieces))})
            case _:
                self.close_connection = True
                self.send_error(HTTPStatus.NOT_FOUND)

    def create(self):
        try:
            new = json.loads(b"".join(self.pieces()))
            user = {"name": str(new["name"]), "email": str(new["email"]), "age": int(new["age"])}
        except (ValueError, KeyError, TypeError):
            self.send_error(HTTPStatus.BAD_REQUEST)
        else:
            self.json({"id": next(NUMBERS), **user, "active": True}, HTTPStatus.CREATED)

    def numbered(self, text, then):
        if text.isascii() and text.isdigit():
            then(int(text))
        else:
            self.send_error(HTTPStatus.BAD_REQUEST)

    def pieces(self):
        left = int(self.headers.get("Content-Length", 0))
        while left > 0 and (piece := self.rfile.read1(min(left, len(ZEROS)))):
            left -= len(piece)
            yield piece

    def chunks(self):
        while length := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(length)
            self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b""):
            pass

    def download(self, length):
        self.head("application/octet-stream", length)
        for start in range(0, length, len(ZEROS)):
            self.wfile.write(ZEROS if length - start >= len(ZEROS) else ZEROS[: length - start])

    def json(self, value, status=HTTPStatus.OK):
        self.answer("application/json", json.dumps(value, separators=(",", ":")).encode(), status)

    def answer(self, kind, content, status=HTTPStatus.OK):
        self.head(kind, len(content), status)
        self.wfile.write(content)

    def head(self, kind, length, status=HTTPStatus.OK):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--routes", type=int, default=0)
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    flags = parser.parse_args()
    if flags.workers > 1:
        sys.exit(refuse("`--workers` needs more than one thread at a time, and Python runs one"))
    if flags.routes > 0:
        sys.exit(refuse("`--routes` needs a router, and this server has none"))
    server = Server((flags.bind, flags.port), Handler)
    if flags.tls_cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(flags.tls_cert, flags.tls_key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if flags.tls_cert else "http"
    print(f"listening on {scheme}://{flags.bind}:{server.server_address[1]}", flush=True)
    server.serve_forever()


def refuse(complaint):
    print(complaint, file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()

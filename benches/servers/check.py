#!/usr/bin/env python3
"""Starts servers of the benchmarks and checks that each answers every endpoint as the others do.

    check.py FOLDER [NAME…]

FOLDER has the programs that were built (target/release); without names, all that are there are checked, and
http_server.py. What a server cannot do is written down in LACKS; what can be said of that, it has to say.
"""

import http.client
import json
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
from urllib.parse import urlsplit

HERE = pathlib.Path(__file__).parent
CERTIFICATE = [HERE.parents[1] / "examples/files/tests/tls" / name for name in ("cert.pem", "key.pem")]
GREETING = {"message": "Hello, World!"}
NEW = {"name": "Ada", "email": "ada@example.org", "age": 36}
LENGTHS = [0, 5, 65_536, 3_000_001, 30_000_000]
LACKS = {
    "epoll": {"chunks", "decoding", "routes", "tls"},
    "tokio": {"chunks", "decoding", "routes", "tls"},
    "hyper": {"routes"},
    "dropshot": {"tls"},
    "may": {"chunks", "downloads", "routes", "tls"},
    "ntex": {"tls"},
    "poem": {"tls"},
    "rocket": {"tls"},
    "salvo": {"tls"},
    "http_server": {"routes", "workers", "pipelining"},
}


class Server:
    """A server that runs while it is checked."""

    def __init__(self, command, *flags):
        self.process = subprocess.Popen([*command, *map(str, flags)], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening on http"), f"{line!r} is no address"
        self.url = urlsplit(line.split()[-1])

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("SIGTERM does not end it") from None
        finally:
            self.process.stdout.close()

    def connection(self):
        if self.url.scheme == "http":
            return http.client.HTTPConnection(self.url.netloc, timeout=10)
        context = ssl._create_unverified_context()
        return http.client.HTTPSConnection(self.url.netloc, timeout=10, context=context)


def ask(connection, method, path, body=None, **options):
    """The status, the type and the content of an answer, by a connection that has to stay open."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, body, headers, **options)
    sock, answer = connection.sock, connection.getresponse()
    content = answer.read()
    assert sock is connection.sock or answer.status >= 400, f"{path} closed the connection"
    return answer.status, answer.headers.get_content_type(), content


def expect(answer, status, kind, content):
    got = (*answer[:2], json.loads(answer[2]) if kind == "application/json" else answer[2])
    assert got == (status, kind, content), f"{str(got)[:200]} is not {str((status, kind, content))[:200]}"


def user(number):
    email = f"user{number % 1000}@example.org"
    return {"id": number, "name": f"User {number % 1000}", "email": email, "age": 30, "active": True}


def check_json(connection, lacks):
    expect(ask(connection, "GET", "/plaintext"), 200, "text/plain", b"Hello, World!")
    expect(ask(connection, "GET", "/json"), 200, "application/json", GREETING)
    expect(ask(connection, "GET", "/api/users/7"), 200, "application/json", user(7))
    created = ask(connection, "POST", "/api/users", json.dumps(NEW, separators=(",", ":")))
    expect(created, 201, "application/json", {"id": 1000, **NEW, "active": True})
    if "decoding" not in lacks:
        expect(ask(connection, "GET", "/api/users/1007"), 200, "application/json", user(1007))
        created = ask(connection, "POST", "/api/users", json.dumps({**NEW, "name": "Bea"}))
        expect(created, 201, "application/json", {"id": 1001, **NEW, "name": "Bea", "active": True})


def check_refusals(server, lacks):
    for method, path, body, statuses in [
        ("GET", "/api/users/x", None, {400, 404, 422}),
        ("GET", "/nothing", None, {404}),
        ("POST", "/api/users", "{", {201} if "decoding" in lacks else {400, 422}),
        ("POST", "/api/users", '{"name":"Ada"}', {201} if "decoding" in lacks else {400, 422}),
    ]:
        status, _, content = ask(server.connection(), method, path, body)
        assert status in statuses, f"{method} {path} with {body}: {status} {content}"


def check_uploads(connection, lacks):
    for length in LENGTHS:
        uploaded = ask(connection, "POST", "/upload", b"x" * length)
        expect(uploaded, 200, "application/json", {"bytes": length})
    if "chunks" not in lacks:
        pieces = (b"x" * 10_000 for _ in range(300))
        uploaded = ask(connection, "POST", "/upload", pieces, encode_chunked=True)
        expect(uploaded, 200, "application/json", {"bytes": 3_000_000})


def check_downloads(connection, lacks):
    for length in LENGTHS:
        connection.request("GET", f"/download/{length}")
        answer = connection.getresponse()
        if "downloads" in lacks:
            assert answer.status == 501, f"it answers {answer.status} to what it cannot do"
            answer.read()
            continue
        assert answer.headers["Content-Length"] == str(length), f"no length: {answer.headers.as_string()}"
        got = (answer.status, answer.headers.get_content_type(), answer.read())
        expect(got, 200, "application/octet-stream", bytes(length))


def check_pipelining(server):
    paths = ["/json", "/plaintext", "/api/users/7", "/api/users/8"] * 4
    with socket.create_connection((server.url.hostname, server.url.port), timeout=10) as sock:
        lines = (f"GET {path} HTTP/1.1\r\nHost: {server.url.netloc}\r\n\r\n" for path in paths)
        sock.sendall("".join(lines).encode())
        # One reader for all, or what it read ahead would be lost.
        reader = sock.makefile("rb")
        for path in paths:
            assert reader.readline().split()[1] == b"200", path
            headers = http.client.parse_headers(reader)
            content = reader.read(int(headers["Content-Length"]))
            wanted = {"/json": b"Hello", "/plaintext": b"Hello"}.get(path, f"User {path[-1]}".encode())
            assert wanted in content, f"{path}: {content}"


def check_routes(command):
    with Server(command, "--routes", 100) as server:
        connection = server.connection()
        for number in (0, 42, 99):
            answer = ask(connection, "GET", f"/svc{number}/items/{number}")
            expect(answer, 200, "application/json", GREETING)
        assert ask(connection, "GET", "/svc100/items/7")[0] == 404


def check_refuses(command, *flags):
    done = subprocess.run([*command, *map(str, flags)], capture_output=True, text=True, timeout=10)
    assert done.returncode == 2 and flags[0] in done.stderr, f"{flags}: {done}"


def check(command, lacks):
    with Server(command) as server:
        check_json(server.connection(), lacks)
        check_refusals(server, lacks)
        check_uploads(server.connection(), lacks)
        check_downloads(server.connection(), lacks)
        if "pipelining" not in lacks:
            check_pipelining(server)
    tls = ("--tls-cert", CERTIFICATE[0], "--tls-key", CERTIFICATE[1])
    for ability, flags in [("workers", ("--workers", 2)), ("tls", tls)]:
        if ability in lacks:
            check_refuses(command, *flags)
            continue
        with Server(command, *flags) as server:
            check_json(server.connection(), lacks)
            check_uploads(server.connection(), lacks)
            check_downloads(server.connection(), lacks)
    if "routes" in lacks:
        check_refuses(command, "--routes", 100)
    else:
        check_routes(command)


def main(folder, *names):
    built = sorted(path.name.removesuffix("-server") for path in pathlib.Path(folder).glob("*-server"))
    failed = 0
    for name in names or [*built, "http_server"]:
        python = [sys.executable, str(HERE / f"{name}.py")]
        command = python if name == "http_server" else [str(pathlib.Path(folder) / f"{name}-server")]
        try:
            check(command, LACKS.get(name, set()))
            print(f"ok    {name}")
        except (AssertionError, OSError, http.client.HTTPException, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"FAIL  {name}: {type(error).__name__}: {error}")
    return failed > 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))

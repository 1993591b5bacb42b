"""Other people's clients against our server: CPython's `http.client`, curl, Node.

    clients.py ECHO

ECHO is the built program `echo`, which answers with what it was asked. A client that is not installed is skipped, and
loudly; in CI that fails.
"""

import base64
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys

LIMIT = 2 * 1024 * 1024


def main():
    with Server(sys.argv[1]) as server:
        for name, test in list(globals().items()):
            if name.startswith("http_client_"):
                run(name, lambda: test(server.connect()))
        for program, test in (("curl", curl), ("node", node)):
            if shutil.which(program):
                run(program, lambda: test(server.port))
            else:
                print(f"SKIPPED {program}: it is not installed")
                assert not os.environ.get("CI"), f"{program} is needed"


def run(name, test):
    test()
    print(f"ok {name}")


class Server:
    """The program, on a port of its own."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "--port", "0"], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def told(response):
    """What the server was asked, and the content that it read."""
    assert response.status == 200, (response.status, response.read())
    echoed = json.loads(response.read())
    return echoed, base64.b64decode(echoed["body_b64"])


def http_client_keeps_a_connection(connection):
    connection.connect()
    socket = connection.sock
    for place in range(5):
        connection.request("GET", f"/{place}?a=b", headers={"X-Y": "\xe9"})
        echoed, _ = told(connection.getresponse())
        assert echoed["target"] == f"/{place}?a=b"
        assert ["x-y", "\xe9"] in echoed["headers"]
    assert connection.sock is socket


def http_client_uploads(connection):
    connection.request("PUT", "/", body=b"some\0thing")
    assert told(connection.getresponse())[1] == b"some\0thing"
    connection.request("POST", "/", body=iter([b"some", b"", b"thing"]))
    echoed, body = told(connection.getresponse())
    assert body == b"something" and ["transfer-encoding", "chunked"] in echoed["headers"]
    connection.request("POST", "/", body=b"x" * LIMIT)
    assert len(told(connection.getresponse())[1]) == LIMIT


def http_client_asks_for_a_head(connection):
    connection.request("GET", "/same")
    length = connection.getresponse()
    told(length)
    connection.request("HEAD", "/same")
    response = connection.getresponse()
    assert response.read() == b""
    # The method is part of what is told.
    assert int(response.getheader("content-length")) == int(length.getheader("content-length")) + 1


def http_client_expects(connection):
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", "2")
    connection.putheader("Expect", "100-continue")
    connection.endheaders()
    assert connection.sock.recv(99) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.send(b"hi")
    assert told(connection.getresponse())[1] == b"hi"


def http_client_sends_too_much(connection):
    connection.request("POST", "/", body=b"x" * (LIMIT + 1))
    assert refused(connection) == 413
    connection.request("POST", "/", body=iter([b"x" * 65536] * 33))
    assert refused(connection) == 413


def http_client_makes_mistakes(connection):
    connection.putrequest("GET", "/", skip_host=True)
    connection.endheaders()
    assert refused(connection) == 400
    connection.request("GET", "/" + "a" * 9000)
    assert refused(connection) == 414
    connection.putrequest("GET", "/")
    for place in range(99):
        connection.putheader(f"X-{place}", "y")
    connection.endheaders()
    assert refused(connection) == 431
    connection.request("CONNECT", "b:443")
    assert connection.getresponse().status == 501


def refused(connection):
    """The status of a problem, after which the connection is closed."""
    response = connection.getresponse()
    assert response.getheader("connection") == "close"
    assert json.loads(response.read())["status"] == response.status
    connection.close()
    return response.status


def http_client_speaks_http_1_0(connection):
    connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
    connection.request("POST", "/", body=b"old")
    response = connection.getresponse()
    assert response.will_close and told(response)[1] == b"old"


def curl(port):
    def curled(*arguments, body=b""):
        command = ["curl", "-sS", "--max-time", "20", *arguments, f"http://127.0.0.1:{port}/a/../b?c"]
        return subprocess.run(command, input=body, stdout=subprocess.PIPE, check=True).stdout

    assert json.loads(curled("--http1.1"))["target"] == "/b?c"
    assert json.loads(curled("--path-as-is"))["target"] == "/a/../b?c"
    assert json.loads(curled("-X", "OPTIONS", "--request-target", "*"))["target"] == "*"
    assert b"200 OK" in curled("-I")
    assert b"HTTP/1.1 200 OK" in curled("--http1.0", "-i")
    body = b"x" * LIMIT
    for arguments in (["-T", "-"], ["--data-binary", "@-"], ["-T", "-", "-H", "Expect: 100-continue"]):
        assert base64.b64decode(json.loads(curled(*arguments, body=body))["body_b64"]) == body
    assert curled("-T", "-", "-o", "/dev/null", "-w", "%{http_code}", body=body + b"x") == b"413"


def node(port):
    script = pathlib.Path(__file__).with_name("client.js")
    subprocess.run(["node", script, str(port)], check=True, timeout=60)


if __name__ == "__main__":
    main()

"""C01, C03, C09: a client of the framework against a peer that answers wrongly, not to the end, or never."""

import socket
import subprocess
import threading
import time

from stage import case
from wire import expect

OK = b"HTTP/1.1 200 OK\r\n"

MALFORMED = [
    b"",
    b"\r\n",
    b"hello\r\n\r\n",
    b"<html></html>",
    b"HTTP/0.9 200 OK\r\n\r\n",
    b"HTTP/2.0 200 OK\r\n\r\n",
    b"HTTP/1.1\r\n\r\n",
    b"HTTP/1.1 \r\n\r\n",
    b"HTTP/1.1 2000 OK\r\n\r\n",
    b"HTTP/1.1 20 OK\r\n\r\n",
    b"HTTP/1.1 +20 OK\r\n\r\n",
    b"HTTP/1.1 099 OK\r\n\r\n",
    b"HTTP/1.1 abc OK\r\n\r\n",
    b"HTTP/1.1  200 OK\r\n\r\n",
    b"http/1.1 200 OK\r\n\r\n",
    b"HTTP/1.1 200 a\rb\r\n\r\n",
    b"HTTP/1.1 200 a\0b\r\n\r\n",
    b"HTTP/1.1\t200 OK\r\n\r\n",
    b"HTTP/11 200 OK\r\n\r\n",
    b"HTTP/1.10 200 OK\r\n\r\n",
    b" HTTP/1.1 200 OK\r\n\r\n",
    b"ICY 200 OK\r\n\r\n",
    OK,
    OK + b"X: a",
    OK + b"X: a\r\n",
    OK + b"X\r\n\r\n",
    OK + b": a\r\n\r\n",
    OK + b"X : a\r\n\r\n",
    OK + b"X Y: a\r\n\r\n",
    OK + b"X: a\0\r\n\r\n",
    OK + b"X: a\rb\r\n\r\n",
    OK + b"X: a\x7f\r\n\r\n",
    OK + b"X: a\r\n b\r\n\r\n",
    OK + b" X: a\r\n\r\n",
    OK + b"X\x80: a\r\n\r\n",
    b"HTTP/1.1 200 OK\nX: a\n\n",
    OK + b"X: a\nY: b\r\n\r\n",
    *[
        OK + b"Content-Length: " + value + b"\r\n\r\nab"
        for value in (
            b"+2",
            b"-2",
            b"0x2",
            b"2 2",
            b"2, 3",
            b"",
            b"two",
            b"2.0",
            b"18446744073709551618",
            b"1_0",
            b"3",
        )
    ],
    OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    *[
        OK + b"Transfer-Encoding: " + value + b"\r\n\r\n2\r\nab\r\n0\r\n\r\n"
        for value in (b"xchunked", b"gzip", b"chunked, gzip", b"chunked, chunked", b"identity", b"", b"\x0bchunked")
    ],
    *[
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
        for chunks in (
            b"g\r\nab\r\n0\r\n\r\n",
            b"0x2\r\nab\r\n0\r\n\r\n",
            b"+2\r\nab\r\n0\r\n\r\n",
            b"2\nab\n0\n\n",
            b"2\r\nabXX0\r\n\r\n",
            b"2\r\nab0\r\n\r\n",
            b"2;a\nb\r\nab\r\n0\r\n\r\n",
            b"\r\nab\r\n0\r\n\r\n",
            b"22222222222222222\r\nab\r\n0\r\n\r\n",
            b"2\r\nab\r\n",
            b"2\r\nab\r\n0\r\n",
            b"2\r\nab\r\n0\r\nX : 3\r\n\r\n",
            b"2\r\nab\r\n0\r\nX\r\n\r\n",
        )
    ],
    OK + b"X: a\r\n" * 300 + b"\r\n",
    OK + b"X: " + b"a" * 300_000 + b"\r\n\r\n",
    b"HTTP/1.1 200 " + b"a" * 300_000 + b"\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 200 + OK + b"\r\n",
]


class Peer:
    """Answers each connection by what `answer` does with it."""

    def __init__(self, stage, answer):
        self.listener = stage.enter_context(socket.create_server(("127.0.0.1", 0), backlog=128))
        self.address, self.answer = self.listener.getsockname(), answer
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                stream, _ = self.listener.accept()
            except OSError:
                return
            with stream:
                try:
                    while b"\r\n\r\n" not in stream.recv(65536):
                        pass
                    self.answer(stream)
                except OSError:
                    pass

    def url(self):
        return f"http://{self.address[0]}:{self.address[1]}"


class Caller:
    """The client, a line for each call."""

    def __init__(self, stage, patience, *flags, environment=None):
        command = [stage.path("caller"), str(patience), *flags]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, env=environment, **pipes)
        stage.callback(self.stop)

    def call(self, peer):
        return self.call_url(peer.url())

    def call_url(self, url):
        """`url` may stand behind a method."""
        self.process.stdin.write(url + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline().strip()
        expect(said, "the client is gone")
        return said

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


@case("C01", "malformed answers")
def malformed(stage):
    said = []
    peer, caller = Peer(stage, lambda stream: stream.sendall(said[-1])), Caller(stage, 5000)
    for answer in MALFORMED:
        said.append(answer)
        outcome = caller.call(peer)
        expect(outcome.startswith("failed"), f"{answer[:100]!r} is taken for {outcome!r}")
    said.append(OK + b"Content-Length: 2\r\n\r\nab")
    expect(caller.call(peer) == "ok 200 2", "a good answer is not taken")
    return f"{len(MALFORMED)} answers, each a fault"


@case("C03", "truncation at every byte")
def truncated(stage):
    said = []
    peer, caller = Peer(stage, lambda stream: stream.sendall(said[-1])), Caller(stage, 5000)
    wholes = [
        OK + b"Content-Length: 20\r\n\r\n" + b"x" * 20,
        OK + b"Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n5;a=b\r\n01234\r\n0\r\nX-Sum: 1\r\n\r\n",
    ]
    cut = 0
    for whole in wholes:
        for length in range(len(whole)):
            said.append(whole[:length])
            outcome = caller.call(peer)
            expect(outcome.startswith("failed"), f"{whole[:length]!r} is taken for {outcome!r}")
            cut += 1
        said.append(whole)
        expect(caller.call(peer).startswith("ok 200"), "the whole answer is not taken")
    return f"{cut} cuts, each a fault"


def silence(stream):
    stream.recv(1)


def drip(stream):
    for byte in OK + b"X: " + b"a" * 1000:
        stream.sendall(bytes([byte]))
        time.sleep(0.05)


def pour(piece):
    def answer(stream):
        stream.sendall(OK if b"HTTP" not in piece else b"")
        while True:
            stream.sendall(piece)
            time.sleep(0.02)

    return answer


def half(stream):
    stream.sendall(OK + b"Content-Length: 10\r\n\r\nabc")
    stream.recv(1)


@case("C09", "no answer / drip / endless 1xx / endless headers", waits=True)
def endless(stage):
    caller, patience, took = Caller(stage, 2000), 2.0, []
    peers = {"no answer": silence, "a dripped head": drip, "half a body": half}
    for name, answer in peers.items():
        began = time.monotonic()
        outcome = caller.call(Peer(stage, answer))
        took.append(time.monotonic() - began)
        expect(outcome.startswith("failed") and ("Timeout" in outcome or "Stalled" in outcome), f"{name}: {outcome}")
        expect(
            patience * 0.95 <= took[-1] <= patience * 1.05 + 0.05 * stage.slack,
            f"{name}: given up after {took[-1]:.2f} s, expected 2 s",
        )
    for name, piece in {
        "endless 1xx": b"HTTP/1.1 103 Early\r\nX: a\r\n\r\n",
        "endless fields": b"X: a\r\n" * 50,
    }.items():
        began = time.monotonic()
        outcome = caller.call(Peer(stage, pour(piece)))
        expect(
            outcome.startswith("failed") and time.monotonic() - began < patience * 1.05 + 0.05 * stage.slack,
            f"{name}: {outcome}",
        )
    return "given up after " + ", ".join(f"{seconds:.2f}" for seconds in took) + " s; endless ones by their number"

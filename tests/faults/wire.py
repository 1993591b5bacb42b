"""One connection, by hand: bytes out as they are, and everything that came back kept for whoever judges it."""

import socket
import struct
import time

PATIENCE = 10.0


class Failure(Exception):
    """What was sent, what came, what is expected."""


def expect(holds, *words):
    if not holds:
        raise Failure(" ".join(str(word) for word in words))


class Answer:
    """A response: `fields` has lower-case names, and the last value of each."""

    def __init__(self, status, reason, fields, body=b"", whole=True):
        self.status, self.reason, self.fields, self.body, self.whole = status, reason, fields, body, whole

    def closes(self):
        return self.fields.get("connection", "").lower() == "close"

    def __repr__(self):
        return f"{self.status} {self.reason} ({len(self.body)} bytes{'' if self.whole else ', cut off'})"


class Wire:
    """`ended` is None while the peer's half is open, then `closed` or `reset`."""

    def __init__(self, address, timeout=PATIENCE, window=None, source=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(timeout)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect(address)
        self.read, self.ended = b"", None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        """Sends all of it; tells whether the peer still took it."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def end_sending(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def reset(self):
        """Ends the connection with a reset instead of an end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()

    def more(self):
        """Reads once; False when the peer's half has ended."""
        if self.ended:
            return False
        try:
            data = self.socket.recv(256 * 1024)
        except ConnectionResetError:
            self.ended = "reset"
            return False
        except (TimeoutError, socket.timeout):
            raise Failure(f"nothing came for {self.socket.gettimeout():.1f} s, after {self.read[-300:]!r}") from None
        if not data:
            self.ended = "closed"
        self.read += data
        return bool(data)

    def rest(self):
        """Everything up to the peer's end."""
        while self.more():
            pass
        return self.read

    def ends_within(self, seconds):
        """Reads to the peer's end, and tells how long that took; a Failure if it takes longer."""
        began = time.monotonic()
        self.socket.settimeout(seconds)
        while self.more():
            left = began + seconds - time.monotonic()
            expect(left > 0, f"not closed within {seconds} s")
            self.socket.settimeout(left)
        return time.monotonic() - began

    def until(self, end):
        """Everything up to some bytes, which are taken off; None if the peer ends before."""
        while end not in self.read:
            if not self.more():
                return None
        found, self.read = self.read.split(end, 1)
        return found + end

    def exactly(self, count):
        while len(self.read) < count and self.more():
            pass
        found, self.read = self.read[:count], self.read[count:]
        return found

    def answer(self, to="GET"):
        """The next final response, or None if the peer ends before its head is whole."""
        while True:
            head = self.until(b"\r\n\r\n")
            if head is None:
                return None
            answer = parse_head(head)
            if answer.status >= 200 or answer.status == 101:
                break
        if to == "HEAD" or answer.status in (101, 204, 304):
            return answer
        if answer.fields.get("transfer-encoding", "").lower() == "chunked":
            self._chunks(answer)
        elif "content-length" in answer.fields:
            length = int(answer.fields["content-length"])
            answer.body = self.exactly(length)
            answer.whole = len(answer.body) == length
        else:
            answer.body, self.read = self.rest(), b""
        return answer

    def _chunks(self, answer):
        pieces = []
        while True:
            line = self.until(b"\r\n")
            size = int(line, 16) if line else None
            if size == 0:
                answer.whole = self.until(b"\r\n") is not None
                break
            piece = self.exactly(size + 2) if size else b""
            pieces.append(piece[:size])
            if not size or len(piece) < size + 2:
                answer.whole = False
                break
        answer.body = b"".join(pieces)

    def answers(self, methods=()):
        """Every response up to the peer's end."""
        found, methods = [], list(methods)
        while (answer := self.answer(methods.pop(0) if methods else "GET")) is not None:
            found.append(answer)
        return found


def parse_head(head):
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ", 2)
    expect(
        words[0] in ("HTTP/1.1", "HTTP/1.0") and len(words) == 3 and words[1].isdigit(),
        f"not a status line: {lines[0][:200]!r}",
    )
    fields = {}
    for line in lines[1:-2]:
        name, colon, value = line.partition(":")
        expect(colon, f"not a field: {line[:200]!r}")
        fields[name.lower()] = value.strip()
    return Answer(int(words[1]), words[2], fields)


def request(method="GET", target="/", *fields, body=None, version="1.1", host="here"):
    """The bytes of a request; a body brings its Content-Length."""
    lines = [f"{method} {target} HTTP/{version}"] + ([f"Host: {host}"] if host is not None else [])
    lines += list(fields)
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines + ["", ""]).encode("latin-1") + (body or b"")


def post_json(target, body):
    return request("POST", target, "Content-Type: application/json", body=body)


def ask(address, data=None, to="GET", timeout=PATIENCE):
    """One request on a connection of its own, and its answer."""
    with Wire(address, timeout) as wire:
        wire.send(data or request())
        answer = wire.answer(to)
        expect(answer is not None, f"no answer to {shown(data)}, the connection was {wire.ended}")
        return answer


def is_well(address, path="/"):
    """A plain request is answered with 200 within a second: the server is as it was."""
    answer = ask(address, request("GET", path), timeout=1.0)
    expect(answer.status == 200, f"GET {path} is answered with {answer}, not 200")


CANARY = request("GET", "/canary")


def is_refused(address, data, statuses=(400,), canary=CANARY):
    """One answer with one of these statuses, then the connection is closed and nothing behind is answered."""
    with Wire(address) as wire:
        wire.send(data + canary)
        try:
            answers = wire.answers()
        except Failure as failure:
            raise Failure(f"sent {shown(data)}: {failure}, expected a close") from None
    said = f"sent {shown(data)}, came {answers or 'nothing'} and {wire.ended}, expected"
    expect(len(answers) == 1, said, "one answer")
    expect(answers[0].status in statuses, said, "/".join(map(str, statuses)))
    expect(wire.ended == "closed", said, "a clean close")
    expect(b"canary" not in answers[0].body, said, "no word of the request behind")
    return answers[0]


def shown(data, most=120):
    data = data or request()
    return repr(data[:most])[1:] + (f"… ({len(data)} bytes)" if len(data) > most else "")

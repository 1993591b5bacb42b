"""T01–T06, T11–T13: where a body begins and ends, and whose bytes come behind it."""

import json
import threading

from stage import case
from wire import CANARY, Wire, expect, is_refused, request, shown

CHUNKED = "Transfer-Encoding: chunked"


def chunked(chunks, *fields):
    return request("POST", "/echo", "Content-Type: application/json", CHUNKED, *fields) + chunks


@case("T01", "CL with TE")
def both_lengths(stage):
    bodies = {
        "CL.TE": (6, b"0\r\n\r\nG"),
        "TE.CL": (3, b"8\r\nSMUGGLED\r\n0\r\n\r\n"),
        "CL 0 and TE": (0, b"0\r\n\r\n"),
        "CL whole": (5, b"0\r\n\r\n"),
        "CL after TE": (4, b"1\r\nx\r\n0\r\n\r\n"),
    }
    played = 0
    for address in (stage.echo, stage.app):
        for method in ("POST", "GET"):
            for name, (length, body) in bodies.items():
                fields = [f"Content-Length: {length}", CHUNKED]
                fields = fields[::-1] if name == "CL after TE" else fields
                is_refused(address, request(method, "/", *fields) + body)
                played += 1
    return f"{played} streams"


@case("T02", "Content-Length grammar")
def content_length(stage):
    values = [
        "+2",
        "0x2",
        "-1",
        "",
        "1 2",
        "2, 40",
        str(2**64 + 2),
        "2, 2",
        "2;",
        "２".encode().decode("latin-1"),
        "1_0",
        "2.0",
    ]
    heads = [[f"Content-Length: {value}"] for value in values]
    heads += [["Content-Length : 2"], ["Content-Length: 2"] * 2, ["Content-Length: 2", "content-length: 3"]]
    for address in (stage.echo, stage.app):
        for fields in heads:
            is_refused(address, request("POST", "/echo", *fields) + b"{}")
    return f"{len(heads)} heads"


@case("T03", "Transfer-Encoding grammar")
def transfer_encoding(stage):
    values = [
        "xchunked",
        "chunked, chunked",
        "chunked, identity",
        "identity",
        "\x0bchunked",
        "\r\n chunked",
        "gzip, chunked",
        "chunked;a=b",
        '"chunked"',
        "",
        ",chunked",
    ]
    heads = [request("POST", "/", f"Transfer-Encoding: {value}") for value in values]
    heads += [
        request("POST", "/", CHUNKED, CHUNKED),
        request("POST", "/", CHUNKED, version="1.0"),
        request("POST", "/", "Transfer-Encoding : chunked"),
        request("POST", "/", "Transfer\x0b-Encoding: chunked"),
    ]
    for address in (stage.echo, stage.app):
        for head in heads:
            is_refused(address, head + b"2\r\n{}\r\n0\r\n\r\n", (400, 501))
    return f"{len(heads)} heads"


@case("T04", "chunk size")
def chunk_size(stage):
    sizes = ["0x2", "+2", "-2", "2_0", " 2", "", "2" * 17, "2 ", "g", "0" * 16 + "2"]
    for address in (stage.echo, stage.app):
        for size in sizes:
            is_refused(address, chunked(size.encode() + b"\r\n{}\r\n0\r\n\r\n"))
    return f"{len(sizes)} sizes"


@case("T05", "chunk line ends")
def chunk_line_ends(stage):
    chunks = [
        b"2\n{}\r\n0\r\n\r\n",
        b"2\r{}\r\n0\r\n\r\n",
        b"2;a\n{}\r\n0\r\n\r\n",
        b"2;a\rb\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\n0\r\n\r\n",
        b"2\r\n{}\r0\r\n\r\n",
        b"2\r\n{}XX0\r\n\r\n",
        b"2\r\n{}\r\n0\n\n",
        b"2\r\n{}\r\n0\r\n\n",
        b"2\r\r\n{}\r\n0\r\n\r\n",
        b"2;a\x00\r\n{}\r\n0\r\n\r\n",
    ]
    for address in (stage.echo, stage.app):
        for chunk in chunks:
            is_refused(address, chunked(chunk))
    return f"{len(chunks)} bodies"


@case("T06", "endless chunk extension")
def endless_extension(stage):
    server = stage.start("echo")
    before = server.memory()
    one_line = pour(server.address, chunked(b"1"), b";x=" + b"a" * 4093)
    line = b"1;x=" + b"a" * 128 + b"\r\nx\r\n"
    many = pour(server.address, chunked(b""), line * 64)
    for name, (answer, sent) in {"one line": one_line, "many lines": many}.items():
        expect(
            answer and 400 <= answer.status < 500 and answer.closes(),
            f"{name}: came {answer}, expected 4xx and close",
        )
        expect(sent < 5 * 2**20, f"{name}: {sent:,} bytes were taken")
    return stage.grown_at_most(server, before, 1)


def pour(address, head, piece, most=64 * 2**20):
    """Sends a piece again and again until it is not taken any more; gives the answer, and how much was taken."""
    sent = 0
    with Wire(address) as wire:
        answers = []
        reader = threading.Thread(target=lambda: answers.extend(wire.answers()))
        wire.send(head)
        reader.start()
        while sent < most and not wire.ended and wire.send(piece):
            sent += len(piece)
        reader.join()
        return (answers[0] if answers else None), sent


@case("T11", "trailers")
def trailers(stage):
    for trailer in ("Content-Length: 5", "Host: evil", "Authorization: Basic eDp5", "Transfer-Encoding: chunked"):
        is_refused(stage.echo, chunked(b"2\r\n{}\r\n0\r\n" + trailer.encode() + b"\r\n\r\n"))
    with Wire(stage.echo) as wire:
        wire.send(chunked(b"2\r\n{}\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n") + CANARY)
        echoed, canary = json.loads(wire.answer().body), wire.answer()
    expect(
        "x-sum" not in {name.lower() for name, _ in echoed["headers"]},
        "a trailer is among the head's fields:",
        echoed,
    )
    expect(b"/canary" in canary.body, f"after trailers the next request is answered with {canary}")
    server = stage.start("echo")
    before = server.memory()
    answer, sent = pour(server.address, chunked(b"2\r\n{}\r\n0\r\n"), b"X-T: " + b"a" * 1000 + b"\r\n")
    expect(
        answer and 400 <= answer.status < 500, f"endless trailers: came {answer} after {sent:,} bytes, expected 4xx"
    )
    expect(sent < 5 * 2**20, f"endless trailers: {sent:,} bytes were taken")
    return stage.grown_at_most(server, before, 1)


@case("T12", "upgrade with body / bytes before 101")
def upgrade(stage):
    asks = [
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ]
    smuggled = request("GET", "/smuggled")
    with Wire(stage.echo) as wire:
        wire.send(request("GET", "/", *asks, body=smuggled) + CANARY)
        first = wire.answer()
        if first.status != 400:
            expect(first.status == 200, f"an upgrade with a body: came {first}")
            behind = wire.answer()
            expect(
                behind and b"/canary" in behind.body,
                f"behind the body of an upgrade: came {behind and behind.body[:200]}",
            )
    with Wire(stage.echo) as wire:
        wire.send(request("GET", "/", *asks) + CANARY)
        first, second = wire.answer(), wire.answer()
    expect(
        first.status == 200 and "upgrade" not in first.fields, f"an upgrade nobody knows: came {first} {first.fields}"
    )
    expect(second and b"/canary" in second.body, f"bytes before a 101 are the next request, came {second}")
    with Wire(stage.target) as wire:
        wire.send(request("GET", "/lines", "Connection: upgrade", "Upgrade: lines") + b"said again\n")
        expect(
            wire.answer().status == 101 and wire.exactly(11) == b"said again\n",
            "bytes before a 101 belong to what follows it",
        )
        wire.send(b"and again\n")
        expect(wire.exactly(10) == b"and again\n", "the new protocol does not go on")
    with Wire(stage.target) as wire:
        wire.send(
            request("GET", "/lines", "Connection: upgrade", "Upgrade: lines", body=smuggled) + request("GET", "/")
        )
        first, second = wire.answer(), wire.answer()
    expect(first.status in (400, 426), f"an upgrade with a body: came {first}, expected a refusal")
    expect(second is None or second.status == 200, f"behind it: came {second}")
    return "a body stays one, bytes behind are the next request, or the next protocol's after a 101"


@case("T13", "HTTP/1.0 and Connection: close")
def closing(stage):
    closing = [
        request(version="1.0"),
        request("GET", "/", "Connection: close"),
        request("GET", "/", "Connection: x, CLOSE"),
        request("GET", "/", "Connection: keep-alive, close"),
        request(version="1.0", host=None),
    ]
    for address in (stage.echo, stage.app):
        for data in closing:
            with Wire(address) as wire:
                wire.send(data + CANARY)
                answers = wire.answers()
            expect(
                len(answers) == 1 and answers[0].status == 200 and wire.ended == "closed",
                f"sent {shown(data)} and another, came {answers} and {wire.ended}, expected one 200 and a close",
            )
        with Wire(address) as wire:
            wire.send(request("GET", "/", "Connection: keep-alive", version="1.0") * 2)
            expect(wire.answer().status == wire.answer().status == 200, "HTTP/1.0 with keep-alive is not kept")
    return f"{len(closing)} requests, each the last"

"""T38, T39, T66, T67, T80: what messages say, however it is cut, bent and mixed."""

import json
import random
import time

from stage import case
from wire import Wire, ask, expect, post_json, request, shown


def messages(count):
    """Good messages of many kinds, each with another's answer behind it."""
    fields = [
        [],
        ["X-A: 1", "x-b:\t2 "],
        ["Accept: */*", "User-Agent: some/1.0 (thing)"],
        ["Cookie: a=b; c=d", "Expect: 100-continue"],
        ["Connection: keep-alive, x", "X: "],
        ["Content-Type: application/json"],
    ]
    targets = ["/", "/a%20b?c=d&e", "http://here/a", "/" + "long/" * 20, "/?" + "q=1&" * 10]
    found = [request("OPTIONS", "*"), b"\r\n" + request()]
    bodies = [None, b"{}", b'{"a": [1, 2, 3]}', b"x" * 50]
    chunks = [
        b"0\r\n\r\n",
        b"2\r\n{}\r\n0\r\n\r\n",
        b'1;a=b\r\n[\r\n1;c="d;e"\r\n]\r\n0\r\nX-T: 1\r\n\r\n',
        b"A\r\n0123456789\r\n00\r\n\r\n",
    ]
    for target in targets:
        for more in fields:
            found += [request("GET", target, *more), request("HEAD", target, *more)]
            found += [request("POST", target, *more, body=body) for body in bodies]
            found += [request("PUT", target, *more, "Transfer-Encoding: chunked") + body for body in chunks]
    return random.Random(39).sample(found, min(count, len(found)))


@case("T38", "random byte flips")
def byte_flips(stage):
    server, dice, count = stage.start("echo"), random.Random(38), stage.times(8_000, 1_000_000)
    corpus, statuses, slowest = messages(300), {}, 0
    for number in range(count):
        data = bytearray(dice.choice(corpus))
        for _ in range(dice.randrange(1, 4)):
            at, how = dice.randrange(len(data)), dice.random()
            if how < 0.5:
                data[at] = dice.randrange(256)
            elif how < 0.75:
                del data[at : at + dice.randrange(1, 8)]
                data = data or bytearray(b"\n")
            else:
                data[at:at] = dice.choice([b"\r", b"\n", b"\0", b" ", b":", b"\r\n", b"\r\n\r\n", b"0", b"\xff"])
        began = time.monotonic()
        with Wire(server.address) as wire:
            wire.send(bytes(data))
            wire.end_sending()
            wire.rest()
        slowest = max(slowest, time.monotonic() - began)
        status = int(wire.read[9:12]) if wire.read.startswith(b"HTTP/1.1 ") else None
        expect(status or not wire.read, f"mutant {number} {shown(bytes(data))} is answered with {wire.read[:60]!r}")
        expect(status not in (500, 502, 503, 504), f"mutant {number} {shown(bytes(data))} is answered with {status}")
        expect(slowest < 5, f"mutant {number} {shown(bytes(data))} hung for {slowest:.1f} s")
        statuses[status] = statuses.get(status, 0) + 1
    server.is_well()
    return f"{count:,} mutants: " + ", ".join(
        f"{number} x {status}" for status, number in sorted(statuses.items(), key=str)
    )


@case("T39", "split points")
def split_points(stage):
    cuts = 0
    for data in messages(stage.times(25, 300)):
        whole = exchanged(stage.echo, [data])
        wires = []
        for at in range(1, len(data)):
            wire = Wire(stage.echo)
            wire.send(data[:at])
            wires.append((at, wire))
        # All first halves have long been read when the first of the second halves is sent.
        for at, wire in wires:
            wire.send(data[at:])
            wire.end_sending()
        for at, wire in wires:
            with wire:
                came = without_date(wire.rest())
            expect(came == whole, f"{shown(data)} cut at {at}: came {came[:200]!r}, whole it is {whole[:200]!r}")
            cuts += 1
    return f"{cuts:,} cuts"


def exchanged(address, pieces):
    with Wire(address) as wire:
        for piece in pieces:
            wire.send(piece)
        wire.end_sending()
        return without_date(wire.rest())


def without_date(data):
    lines = data.split(b"\r\n")
    # An interim answer is written when the body is waited for: it may have been there already.
    return b"\r\n".join(line for line in lines if not line.startswith(b"date: ")).replace(
        b"HTTP/1.1 100 Continue\r\n\r\n", b""
    )


BOMBS = {
    "depth 100 k": b"[" * 100_000 + b"]" * 100_000,
    "depth 100 k of objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "depth without end": b"[" * 1_000_000,
    "bad UTF-8": b'"\xff\xfe"',
    "half a surrogate": rb'"\ud800"',
    "NaN": b"NaN",
    "Infinity": b"-Infinity",
    "trailing": b"{} {}",
    "a comma behind": b"[1,]",
    "a lone quote": b'"',
    "1e999": b"1e999",
    "a BOM": b"\xef\xbb\xbf{}",
    "a control": b'"\x01"',
    "hexadecimal": b"0x10",
    "a leading zero": b"01",
    "single quotes": b"{'a':1}",
}


@case("T66", "JSON bombs")
def bombs(stage):
    servers = [stage.start("app")]
    debug = stage.path("debug app")
    if debug:
        servers.append(stage.start("debug app"))
    for server in servers:
        for name, body in BOMBS.items():
            answer = ask(server.address, post_json("/echo", body))
            expect(answer.status in (400, 422), f"{name}: came {answer}, expected 400 or 422")
        deep = ask(server.address, post_json("/echo", b"[" * 100 + b"]" * 100))
        expect(deep.status == 200, f"a depth of 100: came {deep}")
        before = server.processor()
        number = ask(server.address, post_json("/echo", b"1" * 300_000))
        expect(number.status in (200, 400, 422), f"a number of 300 kB: came {number}")
        spent = server.processor() - before
        expect(spent < (0.1 if server is servers[0] else 2), f"a number of 300 kB takes {spent:.2f} s")
        server.is_well()
    return f"{len(BOMBS) + 2} bodies" + (", in a debug build too" if debug else "")


@case("T67", "duplicate keys, extra keys")
def keys(stage):
    for name, body in {b"a": b'{"a":1,"a":2}', b"b": b'{"a":1,"b":1,"b":2}', b"z": b'{"a":1,"z":3}'}.items():
        answer = ask(stage.target, post_json("/point", body))
        expect(answer.status == 422, f"{body} is answered with {answer}, expected 422")
        expect(b"`" + name + b"`" in answer.body, f"{body}: the key is not named in {answer.body}")
    expect(ask(stage.target, post_json("/point", b'{"b":2,"a":1}')).status == 200, "a good one is refused")
    answer = ask(stage.app, post_json("/echo", b'{"a":1,"a":2}'))
    expect(
        answer.status == 422 and b"`a`" in answer.body,
        f"untyped: duplicate keys are answered with {answer} {answer.body}",
    )
    return "422, with the key's name"


@case("T80", "log injection")
def log_injection(stage):
    texts = [
        b"\x1b[2Jgone",
        "\u202egnp.exe".encode(),
        b"a\xffb",
        b'quote"back\\slash',
        b"x" * 7000,
        b"{%0d%0a}",
        b"%1b%5b2J",
    ]
    fields = [b"User-Agent: ", b"Referer: ", b"X-Forwarded-For: "]
    for form in ("common", "combined", "json", "lines"):
        quiet = {} if form == "lines" else {"RUST_LOG": "off"}
        server = stage.start("target", "--log", form, environment=quiet)
        asked = 0
        for text in texts:
            for field in fields:
                with Wire(server.address) as wire:
                    wire.send(
                        b"GET /a%20b HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" + field + text + b"\r\n\r\n"
                    )
                    wire.rest()
                asked += 1
            with Wire(server.address) as wire:
                wire.send(b"GET /" + text + b" HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
                wire.rest()
            asked += 1
        # The app's own lines know nothing of what did not reach it.
        logged = records(server, asked, form, 0.5 * asked if form == "lines" else asked)
        expect(
            not any(ord(letter) < 32 or letter in "\x7f\u202e" for line in logged for letter in line),
            f"{form}: a control is in the log",
        )
        for line in logged if form == "json" else []:
            json.loads(line)
    return f"{asked} records in each of 4 forms"


def records(server, asked, form, least):
    """The lines of the log, once there is one for each request."""
    by = time.monotonic() + 3
    while True:
        lines = [line for line in server.logged().split("\n") if line]
        if len(lines) >= least or time.monotonic() > by:
            expect(least <= len(lines) <= asked, f"{form}: {len(lines)} records for {asked} requests: {lines[-1:]}")
            return lines
        time.sleep(0.02)

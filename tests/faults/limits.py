"""T17, T19, T81, T83: what is big on purpose, and what it may cost."""

import json
import time

from framing import chunked, pour
from stage import case
from wire import Wire, ask, expect, is_refused, is_well, post_json, request

LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def colliding(count):
    """Keys that are alike in the last 16 bits of their FNV-1a hash, so in a table of up to 65536 places."""
    prime, mask = 0x01B3, 0xFFFF
    back = pow(prime, -1, mask + 1)
    # From the hash that all are to have, backwards through three letters: which state before them leads there.
    suffixes = {}
    for a in LETTERS:
        for b in LETTERS:
            for c in LETTERS:
                state = 0
                for letter in (c, b, a):
                    state = (state * back & mask) ^ letter
                suffixes[state] = bytes([a, b, c])
    keys, number = [], 0
    while len(keys) < count:
        prefix = b"%x" % number
        state = 0x2325
        for letter in prefix:
            state = ((state ^ letter) * prime) & mask
        if state in suffixes:
            keys.append(prefix + suffixes[state])
        number += 1
    return keys


def asked_with(server, keys):
    """Seconds of the server's processor for an object with these keys."""
    body = b"{" + b",".join(b'"%s":1' % key for key in keys) + b"}"
    before = server.processor()
    answer = ask(server.address, post_json("/any", body))
    expect(
        answer.status == 200 and int(answer.body) == len(keys),
        f"{len(keys)} keys in {len(body):,} bytes: came {answer}",
    )
    return server.processor() - before


@case("T17", "hash collision", alone=True)
def hash_collision(stage):
    server, count = stage.start("target"), 100_000
    usual = [b"%x" % (number * 7919) + b"aaa" for number in range(count)]
    unkind = colliding(count)
    honest = min(asked_with(server, usual) for _ in range(3))
    hostile = min(asked_with(server, unkind) for _ in range(3))
    expect(hostile < 2 * honest, f"{count:,} keys that collide cost {hostile:.3f} s, others {honest:.3f} s")
    return f"{count:,} keys: {hostile * 1000:.0f} ms, others {honest * 1000:.0f} ms"


@case("T19", "body over limit")
def body_over_limit(stage):
    limit, crowd = 2 * 2**20, 100
    for name, target in (("echo", "/"), ("app", "/echo")):
        server = stage.start(name)
        before, began = server.memory(), time.monotonic()
        declared = ask(
            server.address, request("POST", target, "Content-Type: application/json", f"Content-Length: {2**40}")
        )
        took = time.monotonic() - began
        expect(declared.status == 413 and took < 0.5, f"{name}: 1 TiB is answered with {declared} after {took:.2f} s")
        answer, sent = pour(server.address, chunked(b""), b"10000\r\n" + b" " * 65536 + b"\r\n")
        expect(
            answer and answer.status == 413, f"{name}: an endless body is answered with {answer} after {sent:,} bytes"
        )
        # What is dropped behind the answer, so that whoever sends all before it listens has it, and what is on its way.
        expect(sent < 48 * 2**20, f"{name}: {sent:,} bytes of an endless body were taken")
        wires = [stage.enter_context(Wire(server.address)) for _ in range(crowd)]
        head = request("POST", target, "Content-Type: application/json", f"Content-Length: {limit}")
        for wire in wires:
            wire.send(head + b"1" * (limit - 1))
        grown = server.memory() - before
        expect(grown < crowd * limit + 16 * 2**20, f"{name}: {crowd} bodies of 2 MiB took {grown / 2**20:.0f} MiB")
        for wire in wires:
            wire.close()
        server.settles(server.files, 20)
        server.is_well()
    return f"413 at once, 413 in the end, {crowd} at the limit in {grown / 2**20:.0f} MiB"


@case("T81", "regex / router DoS", alone=True)
def router(stage):
    is_refused(stage.target, request("GET", "/" + "a" * 65536), (414,))
    server = stage.start("target")
    paths = {
        "4,000 segments": "/a" * 4000,
        "8 KiB of slashes": "/" * 8000,
        "one segment": "/" + "a" * 8000,
        "the last of 1,000": "/branch999/of/a/and/7",
        "nearly the last": "/branch999/of/a/and/" + "7" * 8000,
        "escapes": "/" + "%61" * 2600,
        "dots": "/.." * 2600,
    }
    said = []
    for name, path in paths.items():
        before, times = server.processor(), 50
        with Wire(server.address) as wire:
            for _ in range(times):
                wire.send(request("GET", path))
                answer = wire.answer()
                expect(answer and answer.status in (200, 400, 404), f"{name}: came {answer}")
        each = (server.processor() - before) / times
        expect(each < 1e-3, f"{name}: {each * 1e6:.0f} µs a request, expected less than 1 ms")
        said.append(f"{name} {each * 1e6:.0f} µs")
    return ", ".join(said)


@case("T83", "query flood")
def query_flood(stage):
    is_refused(stage.target, request("GET", "/search?" + "a=1&" * 100_000), (414,))
    for query, status in {
        "a=1&" * 999 + "a=1": 200,
        "a=1&" * 1001: 400,
        "b=%": 400,
        "b=%zz": 400,
        "b=%ff": 400,
        "&" * 4000: 400,
        "a&" * 2000: 400,
        "=&" * 2000: 400,
        "c=1&" * 1500: 400,
    }.items():
        answer = ask(stage.target, request("GET", f"/search?{query}"))
        expect(
            answer.status == status,
            f"{len(query)} bytes of {query[:12]!r} are answered with {answer}, expected {status}",
        )
        expect(
            status != 200 or "a=1" not in query or json.loads(answer.body) == 1000,
            f"parameters are missing: {answer.body}",
        )
    is_well(stage.target)
    return "1,000 are taken, more are refused, none is dropped"

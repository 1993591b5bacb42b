"""T07, T14–T16, T18: heads that are malformed, too large, endless or slow to come."""

import json

from framing import chunked, pour
from stage import case
from wire import Wire, ask, expect, is_refused, is_well, request, shown

MALFORMED = {
    "no version": b"GET /\r\nHost: a\r\n\r\n",
    "HTTP/0.9": b"GET / HTTP/0.9\r\nHost: a\r\n\r\n",
    "HTTP/2.0": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "small http": b"GET / http/1.1\r\nHost: a\r\n\r\n",
    "a digit too many": b"GET / HTTP/1.10\r\nHost: a\r\n\r\n",
    "two blanks": b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a tab": b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "a blank behind": b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
    "a blank in the target": b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "no slash": b"GET a HTTP/1.1\r\nHost: a\r\n\r\n",
    "a fragment": b"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
    "raw UTF-8 in the target": "GET /ä HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
    "a method that is no token": b"G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a blank first": b" GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "two empty lines first": b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "bare LF": b"GET / HTTP/1.1\nHost: a\n\n",
    "bare LF in fields": b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    "bare CR": b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
    "CR LF CR X": b"GET / HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n",
    "NUL in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
    "a control in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x7fb\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
    "a folded first field": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "a blank before the colon": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "no name": b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    "no colon": b"GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n",
    "a name that is no token": b"GET / HTTP/1.1\r\nHost: a\r\nX[1]: b\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@case("T07", "malformed heads")
def malformed(stage):
    for address in (stage.echo, stage.app):
        for name, head in MALFORMED.items():
            answer = is_refused(address, head, (400, 501, 505))
            expect(name != "HTTP/2.0" or answer.status == 505, f"{name}: came {answer}, expected 505")
        is_well(address)
    return f"{len(MALFORMED)} heads"


GOOD_HOSTS = ["here", "here:80", "127.0.0.1", "[::1]", "[::1]:8080", "a.b-c.d", "x" * 200]
BAD_HOSTS = ["", "user@here", "here/path", "a b", "[::1", "::1", "here:80:80", "here:port", "a?b", "a#b", "a\\b"]


@case("T14", "Host set")
def hosts(stage):
    for address in (stage.echo, stage.app):
        for host in GOOD_HOSTS:
            answer = ask(address, request(host=host))
            expect(answer.status == 200, f"Host: {host} is answered with {answer}, expected 200")
        for host in BAD_HOSTS:
            is_refused(address, request(host=host))
        is_refused(address, request(host=None))
        is_refused(address, request("GET", "/", "Host: here"))
        is_refused(address, request("GET", "/", "host: there"))
        for target in ("http://other/", "http://other:8080/", "http://[::1]/"):
            answer = ask(address, request("GET", target))
            expect(answer.status == 200, f"GET {target} is answered with {answer}: the target wins over Host")
        for target in ("http://user@other/", "http:///", "http://", "http://a b/"):
            is_refused(address, request("GET", target))
    long = ask(stage.echo, request(host="x" * 300))
    expect(long.status in (200, 400), f"a Host of 300 bytes is answered with {long}")
    return f"{len(GOOD_HOSTS)} good, {len(BAD_HOSTS) + 3} bad, 7 whole URLs"


def head_of(size):
    """A request whose head has so many bytes, to its last line's end."""
    bare = len(request("GET", "/", "X: "))
    return request("GET", "/", "X: " + "a" * (size - bare))


@case("T15", "head limits")
def limits(stage):
    fields = {
        count: request("GET", "/", *[f"X-{number}: 1" for number in range(count - 1)]) for count in (100, 101, 2000)
    }
    sizes = {size: head_of(size) for size in (32767, 32768, 32769, 2**20)}
    targets = {size: request("GET", "/?" + "a" * (size - 2)) for size in (8191, 8192, 8193, 2**20)}
    for address in (stage.echo, stage.app):
        for of, most, refusal in ((fields, 100, 431), (sizes, 32768, 431), (targets, 8192, 414)):
            for size, data in of.items():
                statuses = (200,) if size <= most else (refusal,)
                with Wire(address) as wire:
                    wire.send(data)
                    answer = wire.answer()
                    expect(
                        answer and answer.status in statuses,
                        f"sent {shown(data, 60)}, came {answer} and {wire.ended}, expected {statuses[0]}",
                    )
        is_well(address)
    return "100 fields, 32768 bytes, a target of 8192"


@case("T16", "endless head / request line")
def endless(stage):
    server = stage.start("echo")
    before, line = server.memory(), b"a" * 65536
    streams = {
        "a method": (b"", line),
        "a target": (b"GET /", line),
        "a name": (b"GET / HTTP/1.1\r\nHost: a\r\n", line),
        "a value": (b"GET / HTTP/1.1\r\nHost: a\r\nX: ", line),
        "fields": (b"GET / HTTP/1.1\r\nHost: a\r\n", b"X: a\r\n" * 8192),
        "empty lines": (b"", b"\r\n" * 32768),
        "a version": (b"GET / HTTP/1.", b"1" * 65536),
    }
    most = 0
    for name, (head, piece) in streams.items():
        answer, sent = pour(server.address, head, piece)
        expect(answer and answer.status in (400, 414, 431, 505), f"endless {name}: came {answer}, expected 4xx")
        expect(
            sent < 5 * 2**20, f"endless {name}: {sent:,} bytes were taken from the client, expected less than 5 MiB"
        )
        most = max(most, sent)
    return f"at most {most / 1024:.0f} KiB taken, {stage.grown_at_most(server, before, 1)}"


def cost(server, data, step=None):
    """Seconds of the server's processor for one request, sent whole or in pieces of `step` bytes."""
    before = server.processor()
    with Wire(server.address) as wire:
        for at in range(0, len(data), step or len(data)):
            wire.send(data[at : at + (step or len(data))])
        answer = wire.answer()
        expect(answer and answer.status == 200, f"came {answer}")
    return server.processor() - before


@case("T18", "byte-at-a-time head", alone=True)
def byte_at_a_time(stage):
    server = stage.start("echo")
    small, large = head_of(8 * 1024), head_of(32 * 1024)
    whole = min(cost(server, large) for _ in range(5))
    slow_small = min(cost(server, small, 1) for _ in range(3))
    slow_large = min(cost(server, large, 1) for _ in range(3))
    # A busy server finds several bytes at once and is done sooner; that is allowed for.
    expect(
        slow_large <= 6 * slow_small + 0.04,
        f"8 KiB cost {slow_small:.4f} s byte by byte, 32 KiB {slow_large:.4f} s: not linear",
    )
    # A packet costs what the operating system takes for it, some microseconds; what is held here is that it does not grow.
    each = (slow_large - whole) / len(large)
    expect(each < 20e-6, f"a byte costs {each * 1e6:.1f} µs, whole the head cost {whole * 1e6:.0f} µs")
    few, many = (chunked(b"1\r\nx\r\n" * count + b"0\r\n\r\n") for count in (10_000, 100_000))
    cost_few, cost_many = (min(cost(server, data) for _ in range(3)) for data in (few, many))
    expect(cost_many <= 15 * cost_few, f"10 k chunks cost {cost_few:.4f} s, 100 k {cost_many:.4f} s: not linear")
    body = json.loads(ask(server.address, few).body)["body_b64"]
    expect(len(body) == 13336, "the chunks do not come through")
    return f"{each * 1e6:.1f} µs a byte, {cost_many * 10:.2f} µs a chunk"

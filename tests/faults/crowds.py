"""T26–T30: many connections, and many that come and go."""

import random
import resource
import time

from good import Good, quiet
from stage import case
from wire import Failure, Wire, ask, expect, is_well, request

# One address of the loopback net has 28,000 ports; some of them rest for a minute after each connection.
SOURCES = [f"127.0.0.{number}" for number in range(2, 42)]


def source(number):
    return SOURCES[number % len(SOURCES)]


def connect(stage, server, count):
    return [stage.enter_context(Wire(server.address, source=source(number))) for number in range(count)]


@case("T26", "10,000 idle", alone=True)
def idle(stage):
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(stage.times(4_000, 10_000), files - 1_000)
    server = stage.start("echo")
    bound = max(2 * stage.slack, 3 * quiet(server.address))
    before, base = server.memory(), server.files()
    wires = connect(stage, server, count)
    silent = (server.memory() - before) / count
    expect(
        silent <= 4096, f"{count} connections that said nothing take {silent:.0f} bytes each, expected 4 KiB at most"
    )
    for wire in wires:
        wire.send(request())
        expect(wire.answer().status == 200, "a connection is not answered")
    idle = (server.memory() - before) / count
    expect(idle <= 8192, f"{count} idle connections take {idle:.0f} bytes each, expected 8 KiB at most")
    with Good(server.address) as good:
        time.sleep(2)
        fared = good.fared_well(bound)
    for wire in wires:
        wire.close()
    server.settles(server.files, base + 5)
    return f"{count:,}: {silent:.0f} bytes each, {idle:.0f} after a request, {fared}"


@case("T27", "connection cap")
def cap(stage):
    server = stage.start("target", "--connections", "1000")
    working = connect(stage, server, 1000)
    for wire in working:
        wire.send(request("GET", "/wait/4000"))
    more = connect(stage, server, 500)
    refused = closed = 0
    for wire in more:
        wire.send(request())
        try:
            answer = wire.answer()
        except Failure:
            raise Failure("a connection past the cap hears nothing") from None
        refused += bool(answer and answer.status == 503 and answer.fields.get("retry-after"))
        closed += answer is None
        expect(answer is None or answer.status == 503, f"past the cap came {answer}")
        wire.close()
    for wire in working:
        expect((answer := wire.answer()) and answer.status == 200, f"one of the first thousand: {answer}")
    server.is_well()
    # Now all of them are idle: whoever comes takes the place of the one that has been idle for longest.
    newer = connect(stage, server, 100)
    for wire in newer:
        wire.send(request())
        expect((answer := wire.answer()) and answer.status == 200, f"idle connections do not make room: {answer}")
    expect(not working[0].more() and working[0].ended, "the one that has been idle for longest is still there")
    server.is_well()
    return f"1,000 served, then {refused} x 503 and {closed} closed; 100 took the places of idle ones"


@case("T28", "churn")
def churn(stage):
    server, count, half = stage.start("echo"), stage.times(10_000, 100_000), b"GET / HTTP/1.1\r\nHo"
    rounds(server, count // 10, half)
    before, base = server.memory(), server.files()
    rounds(server, count, half)
    server.settles(server.files, base)
    server.is_well()
    return f"{count:,} connections, {stage.grown_at_most(server, before, 4)}"


def rounds(server, count, half):
    for number in range(count):
        wire = Wire(server.address, source=source(number))
        if number % 3 == 0:
            wire.send(half)
        wire.reset() if number % 2 else wire.close()


@case("T29", "abort mid-body x 10 k")
def abort_body(stage):
    count, dice = stage.times(4_000, 10_000), random.Random(29)
    body = b'"' + b"x" * 60_000 + b'"'
    servers = [stage.start("echo"), stage.start("target")]
    for server, target in zip(servers, ("/", "/any")):
        data = request("POST", target, "Content-Type: application/json", body=body)
        chunks = (
            request("POST", target, "Content-Type: application/json", "Transfer-Encoding: chunked")
            + b"ea62\r\n"
            + body
        )
        # The first half is for the allocator, which keeps what the most at a time once took.
        for _ in range(2):
            before, base = server.memory(), server.files()
            for number in range(count // 2):
                whole = data if number % 3 else chunks
                wire = Wire(server.address, source=source(number))
                wire.send(whole[: dice.randrange(1, len(whole) - 2)])
                wire.reset() if number % 2 else wire.close()
        server.settles(server.files, base)
        grown = stage.grown_at_most(server, before, 4)
        server.is_well()
    return f"{count:,} aborts, {grown}, {cancelled(stage, servers[1])}"


def cancelled(stage, server):
    """How soon handlers end whose peers were reset, or left within a body."""
    wires = [Wire(server.address) for _ in range(100)]
    for number, wire in enumerate(wires):
        half = request("POST", "/any", "Content-Type: application/json", "Content-Length: 100") + b"{"
        wire.send(request("GET", "/wait/30000") if number % 2 else half)
    until(lambda: gauge(server) == 100, "100 handlers at work", 5)
    for number, wire in enumerate(wires):
        wire.reset() if number % 2 else wire.close()
    began = time.monotonic()
    until(lambda: gauge(server) == 0, "no handler at work", 0.1 * stage.slack)
    return f"100 handlers cancelled within {(time.monotonic() - began) * 1000:.0f} ms"


def gauge(server):
    return int(ask(server.address, request("GET", "/gauge")).body)


def until(holds, what, seconds):
    by = time.monotonic() + seconds
    while not holds():
        expect(time.monotonic() < by, f"not within {seconds} s: {what}")


@case("T30", "abort mid-response x 10 k")
def abort_answer(stage):
    server, count = stage.start("app"), stage.times(1_000, 10_000)
    for target in ("/big", "/stream"):
        for times in (count // 10, count // 2):
            before, base = server.memory(), server.files()
            for number in range(times):
                wire = Wire(server.address, source=source(number))
                wire.send(request("GET", target))
                expect(len(wire.exactly(65536)) == 65536, f"{target} ends early: {wire.ended}")
                wire.reset() if number % 2 else wire.close()
        server.settles(server.files, base)
        grown = stage.grown_at_most(server, before, 4)
    # What nobody reads any more is not made any more.
    before = server.processor()
    time.sleep(0.5)
    spent = server.processor() - before
    expect(spent < 0.05, f"the server goes on for {spent:.2f} s of processor time")
    is_well(server.address)
    return f"{count:,} aborts, {grown}"

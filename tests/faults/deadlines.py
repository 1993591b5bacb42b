"""T20–T25: peers that are slow on purpose, and those that only are slow. The deadlines are the defaults."""

import contextlib
import threading
import time

from good import Good, quiet
from stage import case
from wire import Wire, expect, is_well, request

HALF = b"GET / HTTP/1.1\r\nHost: here\r\n"
UPLOAD = request("POST", "/echo", "Content-Type: application/json", "Content-Length: 100000")


def crowd(stage, address, count, **settings):
    return [stage.enter_context(Wire(address, **settings)) for _ in range(count)]


def lasted(stage, address, opening, drip=None, every=0.4, most=90.0, until_answered=False):
    """How long a peer was suffered that sends `opening` and then `drip` again and again; and what it was told."""
    wire = stage.enter_context(Wire(address, timeout=most))
    began, over = time.monotonic(), threading.Event()
    wire.send(opening)

    def dripping():
        while not over.wait(every) and wire.send(drip):
            pass

    if drip:
        threading.Thread(target=dripping, daemon=True).start()
    try:
        answers = wire.answers()
    finally:
        over.set()
    return time.monotonic() - began, answers


def all_cut(wires, drip, every, most):
    """Drips on all of them until the server has ended each; gives when the first and the last was cut, and what they heard."""
    began, cut, heard = time.monotonic(), [], []
    for wire in wires:
        wire.socket.setblocking(False)
    while wires and time.monotonic() - began < most:
        left = []
        for wire in wires:
            if drip:
                with contextlib.suppress(OSError):
                    wire.socket.send(drip)
            if is_cut(wire):
                cut.append(time.monotonic() - began)
                heard.append(wire.read[:12])
            else:
                left.append(wire)
        wires = left
        time.sleep(every)
    expect(not wires, f"{len(wires)} were not cut within {most} s")
    return min(cut), max(cut), heard


def is_cut(wire):
    with contextlib.suppress(BlockingIOError):
        while data := wire.socket.recv(65536):
            wire.read += data
        return True
    return False


def besieged(stage, opening, drip, count, p99, first, last):
    """Peers that drip, beside a good client that must not notice."""
    server = stage.start("echo")
    bound = max(p99 * stage.slack, 3 * quiet(server.address))
    with Good(server.address) as good:
        wires = crowd(stage, server.address, count)
        for wire in wires:
            wire.send(opening)
        earliest, latest, heard = all_cut(wires, drip, 0.4, last + 5)
        fared = good.fared_well(bound)
    expect(
        first <= earliest and latest <= last,
        f"cut from {earliest:.1f} to {latest:.1f} s, expected {first} to {last} s",
    )
    expect(all(said == b"HTTP/1.1 408" for said in heard), f"cut with {set(heard)}, expected 408")
    server.settles(server.files, 20)
    server.is_well()
    return f"{count} peers cut from {earliest:.1f} to {latest:.1f} s, {fared}"


@case("T20", "slowloris", waits=True)
def slowloris(stage):
    said = besieged(stage, HALF, b"X: a\r\n", 200, 5, 9, 11.5)
    return said + (", " + besieged(stage, HALF, b"X: a\r\n", 1000, 20, 9, 12) if stage.full else "")


@case("T21", "slow body", waits=True)
def slow_body(stage):
    said = besieged(stage, UPLOAD, b"1", 200, 5, 4.5, 25)
    return said + (", " + besieged(stage, UPLOAD, b"1", 1000, 20, 4.5, 26) if stage.full else "")


@case("T22", "slow read", waits=True)
def slow_read(stage):
    server = stage.start("app")
    bound = max(20 * stage.slack, 3 * quiet(server.address))
    before, began = server.memory(), time.monotonic()
    with Good(server.address) as good:
        piped = crowd(stage, server.address, 50, window=2048)
        for wire in piped:
            wire.socket.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                wire.socket.send(request() * 20_000)
        loads = crowd(stage, server.address, 10, window=2048)
        for wire in loads:
            wire.send(request("GET", "/big"))
        most, base = 0, 12
        while server.files() > base and time.monotonic() - began < 45:
            for wire in loads:
                with contextlib.suppress(OSError):
                    wire.socket.settimeout(0.01)
                    wire.socket.recv(100)
            most = max(most, server.memory() - before)
            time.sleep(0.9)
        lasting = time.monotonic() - began
        fared = good.fared_well(bound)
    expect(
        server.files() <= base,
        f"{server.files()} files are open after {lasting:.0f} s: peers that do not read are not cut",
    )
    expect(most <= 16 * 2**20, f"grew by {most / 2**20:.1f} MiB, expected at most 16 MiB")
    return f"60 peers cut by {lasting:.0f} s, +{most / 2**20:.1f} MiB, {fared}"


EXACT = {
    # what: opening, drip, every, from, to, the status that is heard
    "nothing": (b"", None, 0, 9, 11, None),
    "half a head": (HALF, None, 0, 9, 11, 408),
    "a dripped head": (HALF, b"X: a\r\n", 0.5, 9, 11, 408),
    "a stalled body": (UPLOAD, None, 0, 18, 22, 408),
    "a body that stalls later": (UPLOAD + b"1" * 50_000, None, 0, 18, 22, 408),
    "a dripped body": (UPLOAD, b"1", 1.0, 4.5, 25, 408),
    "idle": (request(), None, 0, 67.5, 82.5, None),
}


@case("T23", "timeouts exact", waits=True)
def exact(stage):
    server, said, mistakes = stage.start("echo"), {}, []

    def play(name, opening, drip, every, first, last, status):
        took, answers = lasted(stage, server.address, opening, drip, every)
        statuses = [answer.status for answer in answers if answer.status != 200]
        said[name] = f"{name} {took:.1f} s"
        if not first <= took <= last or statuses != ([status] if status else []):
            mistakes.append(
                f"{name}: ended after {took:.1f} s with {answers}, expected {first} to {last} s and {status}"
            )

    threads = [threading.Thread(target=play, args=(name, *row)) for name, row in EXACT.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(not mistakes and len(said) == len(EXACT), "; ".join(mistakes) or f"only {said}")
    server.is_well()
    return ", ".join(said.values())


@case("T24", "slow but honest", waits=True)
def honest(stage):
    server, size = stage.start("echo"), stage.times(60 * 2048, 2 * 2**20)
    target = stage.start("target")
    poll = stage.enter_context(Wire(target.address, timeout=70))
    poll.send(request("GET", "/wait/55000"))
    slow = stage.enter_context(Wire(server.address, timeout=30))
    slow.send(request("POST", "/", f"Content-Length: {size}"))
    for sent in range(0, size, 2048):
        expect(slow.send(b"x" * min(2048, size - sent)), f"an upload at 2 KiB/s was cut after {sent} bytes")
        time.sleep(1)
    expect((answer := slow.answer()) and answer.status == 200, f"an upload at 2 KiB/s is answered with {answer}")
    expect((answer := poll.answer()) and answer.status == 200, f"after 55 s of waiting came {answer}")
    return f"{size // 1024} KiB at 2 KiB/s, 55 s of waiting"


@case("T25", "slowhttptest -H -B -R -X", waits=True)
def slow_http_test(stage):
    server, each, lasting = stage.start("app", files=10_000), stage.times(100, 250), stage.times(20, 60)
    ranges = request("GET", "/", "Range: bytes=0-," + ",".join(f"5-{number}" for number in range(1300)))
    kinds = {"-H": HALF, "-B": UPLOAD, "-R": ranges, "-X": request("GET", "/big") * 4}
    wires = [
        (wire, kind)
        for kind in kinds
        for wire in crowd(stage, server.address, each, window=2048 if kind == "-X" else None)
    ]
    for wire, kind in wires:
        wire.send(kinds[kind])
        wire.socket.setblocking(False)
    began, asked = time.monotonic(), 0
    while time.monotonic() - began < lasting:
        for wire, kind in wires:
            with contextlib.suppress(OSError):
                wire.socket.send(b"X: a\r\n" if kind in ("-H", "-R") else b"1" if kind == "-B" else b"")
                wire.socket.recv(16)
        is_well(server.address)
        asked += 1
        time.sleep(1)
    return f"{4 * each} connections for {lasting} s, service available each of {asked} times"

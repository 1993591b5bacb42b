"""T34–T37: much to do, for long, and handlers that hold the thread."""

import random
import threading
import time

from good import Good, quiet
from loader import Loader
from stage import case
from wire import Failure, Wire, ask, expect, post_json, request


@case("T34", "soak", full_only=True, waits=True)
def soak(stage):
    """An hour in the table; eight minutes here, so the slope is held to what they can show."""
    server, lasting = stage.start("app"), 480
    mixed, base = Mixed(server), server.files()
    began, memory, first, last = time.monotonic(), [], [], []
    while (at := time.monotonic() - began) < lasting:
        mixed.times = first if at < 60 else last if at > lasting - 60 else None
        for _ in range(100):
            mixed.ask()
        if at > 120:
            memory.append(server.memory())
        time.sleep(0.05)
    mixed.kept.close()
    server.settles(server.files, base)
    expect(not mixed.failed, f"{len(mixed.failed)} of {mixed.asked:,} failed: {mixed.failed[:3]}")
    slope = (sum(memory[-200:]) - sum(memory[:200])) / 200 / (lasting - 120) * 3600 / 2**20
    expect(slope < 10, f"memory grows by {slope:.1f} MiB an hour")
    p99 = [sorted(times)[int(len(times) * 0.99)] * 1000 for times in (first, last)]
    expect(p99[1] <= max(1.2 * p99[0], p99[0] + 1), f"the p99 went from {p99[0]:.2f} to {p99[1]:.2f} ms")
    return f"{mixed.asked:,} requests, {slope:+.1f} MiB/h, p99 {p99[0]:.2f} then {p99[1]:.2f} ms"


class Mixed:
    """80 % GET, 10 % POST, 5 % 4xx, 3 % aborts, 2 % slow."""

    def __init__(self, server):
        self.address, self.dice, self.kept = server.address, random.Random(34), Wire(server.address)
        self.asked, self.failed, self.times = 0, [], None

    def ask(self):
        self.asked, draw = self.asked + 1, self.dice.random()
        if draw < 0.8:
            self.on_the_kept(request(), 200)
        elif draw < 0.9:
            self.on_the_kept(post_json("/echo", b"[1,2]"), 200)
        elif draw < 0.95:
            self.on_the_kept(request("GET", "/nowhere"), 404)
        elif draw < 0.98:
            wire = Wire(self.address)
            wire.send(request("POST", "/echo", "Content-Type: application/json", "Content-Length: 1000") + b"[")
            wire.reset()
        else:
            threading.Thread(target=self.slow).start()

    def on_the_kept(self, data, status):
        began = time.perf_counter()
        self.kept.send(data)
        answer = self.kept.answer()
        if self.times is not None:
            self.times.append(time.perf_counter() - began)
        if answer is None or answer.status != status:
            self.failed.append(f"expected {status}, came {answer} and {self.kept.ended}")
        if answer is None or answer.closes():
            self.kept.close()
            self.kept = Wire(self.address)

    def slow(self):
        try:
            answer = ask(self.address, request("GET", "/slow"))
            expect(answer.status == 200, f"/slow is answered with {answer}")
        except (Failure, OSError) as failure:
            self.failed.append(str(failure))


@case("T35", "overload", alone=True)
def overload(stage):
    """The load's own programs slow down with the number of their connections and share the processors with the server, so it
    is the server's work for an answer that is compared: what it could answer is the inverse of that."""
    server, lasting = stage.start("app"), stage.times(3, 20)
    rate, few = fared_on(server, 32, lasting)
    crowded, many = fared_on(server, 1000, lasting)
    expect(
        many <= stage.times(2.5, 2) * few, f"an answer takes {many:.1f} µs on 1,000 connections, {few:.1f} µs on 32"
    )
    server.is_well()
    return f"{rate:,.0f} a second on 32 connections at {few:.1f} µs of processor each, {crowded:,.0f} on 1,000 at {many:.1f} µs"


def fared_on(server, connections, lasting):
    """Answers a second, asked for by two processes, and microseconds of the server's processor for each."""
    before = server.processor()
    with Loader(server.address, connections // 2) as one, Loader(server.address, connections // 2) as other:
        time.sleep(lasting)
        both = [one.fared(), other.fared()]
    failed = [failure for fared in both for failure in fared["failed"]]
    expect(not failed, f"requests failed on {connections} connections: {failed[:3]}")
    answered = sum(fared["answered"] for fared in both)
    return sum(fared["rate"] for fared in both), (server.processor() - before) / answered * 1e6


@case("T36", "fairness", alone=True)
def fairness(stage):
    server = stage.start("app")
    bound = max(10 * stage.slack, 3 * quiet(server.address))
    with Good(server.address) as good, Wire(server.address) as greedy:
        over, burst = threading.Event(), request() * 500

        def read():
            while not over.is_set() and greedy.more():
                greedy.read = b""

        threads = [threading.Thread(target=read), threading.Thread(target=lambda: send_until(over, greedy, burst))]
        for thread in threads:
            thread.start()
        time.sleep(stage.times(4, 20))
        fared = good.fared_well(bound)
        over.set()
        greedy.end_sending()
        for thread in threads:
            thread.join()
    return f"beside one that pipelines without end: {fared}"


def send_until(over, wire, data):
    while not over.is_set() and wire.send(data):
        pass


@case("T37", "blocking handler", waits=True)
def blocking(stage):
    server = stage.start("target")
    wires = [stage.enter_context(Wire(server.address, timeout=30)) for _ in range(8)]
    with Good(server.address, pace=20) as good:
        for wire in wires:
            wire.send(request("GET", "/block/2000"))
        for wire in wires:
            expect((answer := wire.answer()) and answer.status == 200, f"a handler that holds its thread: {answer}")
        fared = good.stop()
    # That others wait meanwhile is documented; that they are forgotten would be a fault.
    expect(
        not [failure for failure in fared["failed"] if "came for 5.0 s" not in failure],
        f"the good client failed: {fared}",
    )
    server.is_well()
    watched = [line for line in server.logged().splitlines() if "WARN" in line and "thread" in line]
    expect(watched, f"no word in the log of a handler that holds its thread: {server.logged()[-300:]!r}")
    expect(len(watched) <= 2, f"the log is flooded: {len(watched)} lines")
    return f"all 8 answered, {len(watched)} line in the log, good worst {fared['worst']:.0f} ms"

"""T70–T75: panics, no more files, and every way to end and to begin anew."""

import contextlib
import socket
import threading
import time

from deadlines import HALF, UPLOAD
from loader import Loader
from server import free_port
from stage import case
from wire import Failure, Wire, ask, expect, request


@case("T70", "panic")
def panics(stage):
    count, server, target = stage.times(1_000, 10_000), stage.start("app"), stage.start("target")
    for warm in (count // 10, count):
        before = server.memory()
        with Wire(server.address) as wire:
            for _ in range(warm):
                wire.send(request("GET", "/panic"))
                answer = wire.answer()
                expect(answer and answer.status == 500, f"a panic is answered with {answer}")
                expect(answer.fields["content-type"] == "application/problem+json", f"as {answer.fields}")
                expect(b"purpose" not in answer.body, f"the panic's words are told to the peer: {answer.body}")
                if answer.closes():
                    wire.close()
                    wire.__init__(server.address)
            wire.send(request())
            expect((answer := wire.answer()) and answer.status == 200, f"after panics came {answer}")
    expect(server.logged().count("on purpose") >= count, "panics are missing in the log")
    for how in ("drop", "lock", "lock", "later", "once"):
        answer = ask(target.address, request("GET", f"/panic/{how}"))
        expect(answer.status == 500, f"a panic in {how} is answered with {answer}")
    target.is_well()
    server.is_well()
    expect(int(ask(target.address, request("GET", "/gauge")).body) == 0, "a handler that panicked is still counted")
    return f"{count:,} x 500 on kept connections, {stage.grown_at_most(server, before, 4)}"


@case("T71", "EMFILE", waits=True)
def no_more_files(stage):
    said = []
    for files in (64, 256):
        server = stage.start("echo", files=files)
        wires = []
        for _ in range(500):
            with contextlib.suppress(OSError):
                wires.append(Wire(server.address, timeout=1))
        began, spent, lines = time.monotonic(), server.processor(), server.logged().count("\n")
        time.sleep(5)
        lasted = time.monotonic() - began
        share = (server.processor() - spent) / lasted
        logged = (server.logged().count("\n") - lines) / lasted
        for wire in wires:
            wire.close()
        expect(share < 0.05, f"{files} files: {share:.0%} of a processor while nothing can be done")
        expect(logged < 10, f"{files} files: {logged:.0f} lines a second in the log")
        server.is_well()
        server.settles(server.files, 20)
        said.append(f"{files} files: {share:.1%} CPU, {logged:.1f} lines/s")
    return "; ".join(said)


@case("T72", "SIGTERM under load")
def terminated(stage):
    server, answers = stage.start("app"), []
    slow = [stage.enter_context(Wire(server.address)) for _ in range(20)]
    for wire in slow:
        wire.send(request("GET", "/slow"))
    over, failed, answered = threading.Event(), [], [0]
    busy = [threading.Thread(target=keep_asking, args=(server, over, failed, answered)) for _ in range(10)]
    for thread in busy:
        thread.start()
    time.sleep(0.5)
    server.terminate()
    for wire in slow:
        answers.append(wire.answer())
    took = server.exits_within(2.5)
    over.set()
    for thread in busy:
        thread.join()
    expect(all(answer and answer.status == 200 for answer in answers), f"requests in flight were lost: {answers}")
    expect(all(answer.closes() for answer in answers), "the last answers do not say `Connection: close`")
    expect(not failed, f"{len(failed)} of {answered[0]} requests of the load failed: {failed[:3]}")
    return f"20 in flight answered, {answered[0]:,} of the load, exit after {took:.2f} s"


def keep_asking(server, over, failed, answered):
    """Asks on a kept connection until it ends. That a request is refused a connection, or crosses its end, is no failure."""
    while not over.is_set():
        try:
            wire = Wire(server.address, timeout=5)
        except OSError:
            return
        with wire:
            answer = None
            while not over.is_set() and not (answer and answer.closes()):
                sent = wire.send(request())
                answer = wire.answer()
                if answer is None:
                    if sent and (wire.read or wire.ended == "reset"):
                        failed.append(f"cut off: {wire.ended}, {wire.read[:60]!r}")
                    break
                if answer.status != 200 or not answer.whole:
                    failed.append(repr(answer))
                answered[0] += 1


@case("T73", "SIGTERM with stalled peers", waits=True)
def stalled(stage):
    server = stage.start("app")
    peers = {
        "half a head": HALF,
        "stalled body": UPLOAD,
        "silent": b"",
        "slow reader": request("GET", "/big"),
        "endless": request("GET", "/stream"),
        "slow": request("GET", "/slow"),
    }
    wires = {}
    for name, opening in peers.items():
        wires[name] = stage.enter_context(
            Wire(server.address, window=2048 if "reader" in name or name == "endless" else None, timeout=40)
        )
        wires[name].send(opening)
    idle = stage.enter_context(Wire(server.address))
    idle.send(request())
    expect(idle.answer().status == 200, "not answered")
    time.sleep(0.3)
    began = time.monotonic()
    server.terminate()
    idle_took = idle.ends_within(2)
    expect((answer := wires["slow"].answer()) and answer.status == 200, f"the one in flight: {answer}")
    # Whoever drips keeps nobody from going.
    over = threading.Event()
    dripping = threading.Thread(target=drip, args=(over, wires["half a head"], wires["stalled body"]))
    dripping.start()
    try:
        server.exits_within(33)
    finally:
        over.set()
        dripping.join()
    took = time.monotonic() - began
    return f"idle ended after {idle_took:.2f} s, exit after {took:.1f} s"


def drip(over, head, body):
    while not over.wait(0.3):
        head.send(b"X: a\r\n")
        body.send(b"1" * 500)


@case("T74", "rolling restart")
def rolling(stage):
    restarts = stage.times(3, 10)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1024)
        old = start_at(stage, listener)
        with Loader(listener.getsockname(), 20, retry=True) as loader:
            for _ in range(restarts):
                time.sleep(stage.times(0.5, 1.5))
                new = start_at(stage, listener)
                old.terminate()
                old.exits_within(5)
                old = new
            time.sleep(0.3)
            fared = loader.fared()
    expect(not fared["failed"], f"of {fared['answered']:,} failed: {fared['failed'][:3]}")
    expect(fared["answered"] > 1000 * restarts * 0.3, f"only {fared['answered']} were answered")
    return f"{restarts} restarts, {fared['answered']:,} answered, 0 failed"


def start_at(stage, listener):
    return stage.start("target", "--at", "inherited", passed=listener.fileno())


@case("T75", "SIGKILL, restart")
def killed(stage):
    port, took = free_port(), []
    for _ in range(stage.times(3, 10)):
        server = stage.start("echo", port=port)
        wires = [Wire(server.address) for _ in range(50)]
        for wire in wires:
            wire.send(request("POST", "/", body=b"x" * 100_000) if wire is wires[0] else request())
        wires[1].answer()
        server.kill()
        began = time.monotonic()
        again = stage.start("echo", port=port)
        again.is_well()
        took.append(time.monotonic() - began)
        for wire in wires:
            with contextlib.suppress(Failure):
                while answer := wire.answer():
                    expect(answer.status == 200, f"a torn answer is taken for {answer}")
            wire.close()
        again.kill()
    return f"bound at once, well after {max(took):.2f} s"

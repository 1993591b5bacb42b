"""T08–T10, T31–T33: what comes behind a request, an error, an early answer, and a peer that stops."""

import json
import statistics
import threading
import time

from stage import case
from wire import CANARY, Wire, expect, post_json, request


@case("T08", "unread body, reuse")
def unread_body(stage):
    body = request("GET", "/canary") * 2500
    pair = request("POST", "/nowhere", body=body[: 100 * 1024]) + request("GET", "/")
    pairs, opened, wire = stage.times(200, 1000), 1, Wire(stage.app)
    for _ in range(pairs):
        wire.send(pair)
        first = wire.answer()
        expect(first and first.status in (404, 413), f"came {first} and {wire.ended}, expected 404")
        second = wire.answer()
        if second is None:
            expect(
                first.closes() and wire.ended == "closed",
                f"after {first} the connection was {wire.ended}, unannounced",
            )
            wire.close()
            wire, opened = Wire(stage.app), opened + 1
        else:
            expect(second.status == 200, f"the request behind an unread body was answered with {second}")
    wire.close()
    return f"{pairs} pairs on {opened} connections"


@case("T09", "early answer, 32 MiB body of fake requests")
def early_answer(stage):
    body, longest, times = CANARY * (32 * 2**20 // len(CANARY)), 0, stage.times(20, 100)
    for number in range(times):
        address, target, status = [(stage.app, "/nowhere", 404), (stage.app, "/echo", 413), (stage.echo, "/", 413)][
            number % 3
        ]
        with Wire(address, timeout=8) as wire:
            began = time.monotonic()
            head = request("POST", target, "Content-Type: application/json", f"Content-Length: {len(body)}")
            # As simple clients do it: all is written before anything is read.
            wire.send(head + body) if number % 2 else send_beside(wire, head + body)
            answers = wire.answers()
            longest = max(longest, time.monotonic() - began)
        expect(
            len(answers) == 1 and answers[0].status in (status, 413),
            f"came {answers} and {wire.ended}, expected {status}",
        )
        expect(b"canary" not in answers[0].body, "a byte of the body was answered")
    expect(longest < 5, f"the connection was closed after {longest:.1f} s, expected 5 s at most")
    return f"{times} of {times}, closed within {longest:.2f} s"


def send_beside(wire, data):
    threading.Thread(target=wire.send, args=(data,), daemon=True).start()


@case("T10", "error, then keep-alive")
def error_then_request(stage):
    times = []
    with Wire(stage.app) as wire:
        for number in range(100):
            began = time.monotonic()
            wire.send(post_json("/echo", b'{"a":') + post_json("/echo", b'{"a":%d}' % number))
            first, second = wire.answer(), wire.answer()
            times.append(time.monotonic() - began)
            expect(first and first.status in (400, 422), f"broken JSON is answered with {first}")
            expect(
                second and second.status == 200 and json.loads(second.body) == {"a": number},
                f"behind it came {second}",
            )
    middle = statistics.median(times) * 1000
    expect(middle < 2 * stage.slack, f"the median is {middle:.1f} ms")
    expect(sorted(times)[89] < 0.04, f"one in ten takes {sorted(times)[89] * 1000:.0f} ms: a delayed acknowledgement")
    return f"100 pairs, median {middle:.2f} ms"


@case("T31", "half-close")
def half_close(stage):
    times = stage.times(300, 1000)
    kinds = [
        (stage.echo, request("GET", "/half"), b"/half"),
        (stage.echo, request("POST", "/half", body=b"abc"), b"YWJj"),
        (stage.app, post_json("/echo", b"[1]"), b"[1]"),
        (stage.target, request("GET", "/wait/20"), b"20"),
    ]
    for number in range(times):
        address, data, said = kinds[number % 4]
        with Wire(address) as wire:
            wire.send(data)
            wire.end_sending()
            answers = wire.answers()
        expect(
            len(answers) == 1 and answers[0].status == 200 and said in answers[0].body,
            f"request {number} {data[:40]!r}, then the end: came {answers} and {wire.ended}, expected one 200",
        )
        expect(wire.ended == "closed", f"a clean close is expected, the connection was {wire.ended}")
    return f"{times} answers"


@case("T32", "truncated uploads")
def truncated(stage):
    body = b'{"a": "' + b"x" * 300 + b'"}'
    sized = request("POST", "/echo", "Content-Type: application/json", body=body)
    chunks = request("POST", "/echo", "Content-Type: application/json", "Transfer-Encoding: chunked")
    chunks += b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    cut = 0
    for address in (stage.echo, stage.app):
        for data in (sized, chunks):
            for left in range(1, len(data), 1 if stage.full else 7):
                with Wire(address) as wire:
                    wire.send(data[:-left])
                    wire.end_sending()
                    answers = wire.answers()
                expect(
                    all(answer.status >= 400 for answer in answers),
                    f"{left} bytes short of {len(data)}: came {answers}",
                )
                cut += 1
    return f"{cut} cuts, none answered with success"


@case("T33", "pipeline 1000 and 100 k")
def pipeline(stage):
    server = stage.start("echo")
    for address, most in ((stage.app, 1000), (server.address, 1000), (server.address, stage.times(20_000, 100_000))):
        before = server.memory()
        data = b"".join(request("GET", f"/{number if address == server.address else ''}") for number in range(most))
        with Wire(address) as wire:
            send_beside(wire, data)
            for number in range(most):
                answer = wire.answer()
                expect(answer and answer.status == 200, f"request {number} of {most}: came {answer} and {wire.ended}")
                expect(
                    address == stage.app or b'"target":"/%d"' % number in answer.body,
                    f"request {number}: {answer.body[:80]}",
                )
    return f"{most:,} in order, {stage.grown_at_most(server, before, 2)}"

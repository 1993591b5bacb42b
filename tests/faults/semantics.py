"""T58, T69: what answers say, and what they never do."""

from stage import case
from wire import CANARY, Wire, ask, expect, is_refused, is_well, request, shown


@case("T58", "splitting")
def splitting(stage):
    texts = [
        "%0d%0aX-Evil:%201",
        "%0aX-Evil:%201",
        "%0dX-Evil:%201",
        "a%00b",
        "%e5%98%8a%e5%98%8dX-Evil:%201",
        "%22;%20x=%22",
        "%7f",
        "%1b%5b1m",
    ]
    for path in ("/reflect?text=", "/elsewhere?text=", "/"):
        for address in (stage.target, stage.app):
            for text in texts:
                with Wire(address) as wire:
                    wire.send(request("GET", path + text, "Connection: close"))
                    raw = wire.rest()
                head = raw.split(b"\r\n\r\n")[0]
                expect(
                    b"x-evil: 1" not in head.lower().replace(b"\n", b"\r\n").split(b"\r\n"),
                    f"{path}{text}: came {head!r}",
                )
                fields = head.replace(b"\r\n", b"")
                expect(
                    not any(byte < 32 or byte == 127 for byte in fields), f"{path}{text}: a control is in {head!r}"
                )
                expect(raw.count(b"HTTP/1.1 ") == 1, f"{path}{text}: two answers in {raw!r}")
    return f"{len(texts)} texts in Location, Set-Cookie, Content-Disposition and a field of one's own"


@case("T69", "status semantics")
def semantics(stage):
    get, head = ask(stage.app), ask(stage.app, request("HEAD"), "HEAD")
    expect(
        head.status == 200 and head.fields["content-length"] == get.fields["content-length"],
        f"HEAD has {head.fields}",
    )
    with Wire(stage.app) as wire:
        wire.send(request("HEAD") + request("HEAD", "/nowhere") + request())
        answers = [wire.answer("HEAD"), wire.answer("HEAD"), wire.answer()]
    expect([answer.status for answer in answers] == [200, 404, 200], f"HEAD, HEAD, GET on one connection: {answers}")
    for target, allowed in (("/", "GET"), ("/echo", "POST")):
        answer = ask(stage.app, request("DELETE", target))
        expect(
            answer.status == 405 and allowed in answer.fields.get("allow", ""),
            f"DELETE {target}: {answer} {answer.fields}",
        )
        answer = ask(stage.app, request("OPTIONS", target))
        expect(
            answer.status in (200, 204) and allowed in answer.fields.get("allow", ""),
            f"OPTIONS {target}: {answer} {answer.fields}",
        )
    expect(ask(stage.app, request("OPTIONS", "*")).status in (200, 204), "OPTIONS * is refused")
    is_refused(stage.app, request("GET", "*"), (400,))
    expect(ask(stage.app, request("GET", "http://here/")).status == 200, "the absolute form is not understood")
    expect(ask(stage.app, request("CONNECT", "here:80")).status in (400, 405, 501), "CONNECT is not refused")
    expect(
        ask(stage.app, request("GET", "/nowhere")).fields["content-type"] == "application/problem+json",
        "a 404 is no problem",
    )
    bodiless(stage)
    expectations(stage)
    return "HEAD, 405, OPTIONS, *, absolute form, Expect, 204 and 304"


def bodiless(stage):
    for target, status in (("/empty", 204), ("/unchanged", 304)):
        with Wire(stage.target) as wire:
            wire.send(request("GET", target) + CANARY)
            first, second = wire.answer(), wire.answer()
        expect(
            first.status == status and "transfer-encoding" not in first.fields, f"{target}: {first} {first.fields}"
        )
        expect(
            first.fields.get("content-length") in (None, "0") or status == 304,
            f"{target} announces content: {first.fields}",
        )
        expect(second and second.status == 404, f"behind {target} came {second}")


def expectations(stage):
    waits = request("POST", "/echo", "Content-Type: application/json", "Content-Length: 2", "Expect: 100-continue")
    with Wire(stage.app) as wire:
        wire.send(waits)
        expect(wire.until(b"\r\n\r\n").startswith(b"HTTP/1.1 100 "), "a body that waits for 100 is not asked for")
        wire.send(b"{}")
        expect(wire.answer().body == b"{}", "a body that waited is lost")
    refused = {
        waits.replace(b"/echo", b"/nowhere"): 404,
        waits.replace(b"100-continue", b"200-maybe"): 417,
        waits.replace(b"Length: 2", b"Length: 9999999"): 413,
    }
    for data, status in refused.items():
        with Wire(stage.app) as wire:
            wire.send(data)
            head = wire.until(b"\r\n\r\n")
        expect(
            head and head.startswith(b"HTTP/1.1 %d " % status),
            f"{shown(data, 200)}: came {head!r}, expected {status}",
        )
    is_well(stage.app)

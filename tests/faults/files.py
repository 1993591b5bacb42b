"""T55–T57, T59: what may be asked of a folder, and what is never given."""

import contextlib
import os
import re
import tempfile
import threading
import time

from stage import case
from wire import Wire, ask, expect, request

SECRET = b"not for anybody outside"
CONTENT = bytes(number * 7 % 251 for number in range(100_000))


@contextlib.contextmanager
def folder():
    """A folder to serve, with a neighbour that is nobody's business."""
    with tempfile.TemporaryDirectory() as outside:
        inside = os.path.join(outside, "site")
        for path in ("site/sub", "site/evil", "site/%2e%2e", "secrets"):
            os.makedirs(os.path.join(outside, path))
        for path, content in (
            ("site/file", CONTENT),
            ("site/empty", b""),
            ("site/sub/file", b"below"),
            ("secret", SECRET),
            ("secrets/file", SECRET),
        ):
            with open(os.path.join(outside, path), "wb") as file:
                file.write(content)
        yield inside


def serve(stage, *options):
    inside = stage.enter_context(folder())
    return inside, stage.start("files", inside, "--access-log", "off", *options).address


def expected(value):
    """What RFC 9110 §14 makes of one `Range`: a status, and the bytes. Of several, and of what is none, all is sent."""
    whole, length = (200, CONTENT), len(CONTENT)
    found = re.fullmatch(r"bytes=[ \t,]*(\d*)-(\d*)[ \t,]*", value, re.IGNORECASE)
    if not found or found[1] == found[2] == "":
        return whole
    # Nobody has a file in which greater numbers would differ.
    first, last = (min(int(number), 2**64 - 1) if number else None for number in found.groups())
    if first is None:
        first, last = max(length - last, 0), length - 1
        return (206, CONTENT[first:]) if first < length else (416, None)
    if last is not None and last < first:
        return whole
    return (206, CONTENT[first : None if last is None else last + 1]) if first < length else (416, None)


@case("T55", "Range set")
def range_set(stage):
    _, address = serve(stage)
    numbers = ["0", "1", "99999", "100000", str(2**63 - 1), str(2**63), str(2**64), "9" * 40]
    ones = [f"{first}-{last}" for first in ["", *numbers] for last in ["", *numbers]]
    several = ["0-0,-1", "0-1,1-2,2-3", ",".join(f"0-{last}" for last in range(1000)), "5-2,0-0"]
    wrong = ["", "-", "a-b", "0-0-0", "0x1-2", "+1-2", "1 - 2", "--1", ",", "0-1;", "0-1 2-3"]
    values = [f"bytes={range}" for range in ones + several + wrong]
    values += ["bytes", "Bytes=0-1", "lines=0-1", "=0-1", "bytes 0-1", "bytes=0-1\tbytes=0-1", "none"]
    for value in values:
        answer = ask(address, request("GET", "/file", f"Range: {value}"))
        status, body = expected(value)
        said = f"Range: {value[:80]!r}: came {answer}"
        expect(len(answer.body) <= len(CONTENT) and answer.whole, said, "and more than the file")
        if status == 416 or answer.status == 416:
            expect(answer.status == status, said, f"expected {status}")
            expect(answer.fields.get("content-range") == f"bytes */{len(CONTENT)}", said, answer.fields)
        else:
            expect((answer.status, answer.body) == (status, body), said, f"expected {status}")
    for target in ("/empty", "/", "/nowhere"):
        answer = ask(address, request("GET", target, "Range: bytes=0-0"))
        expect(answer.status in (200, 404, 416), f"a range of {target}: came {answer}")
    return f"{len(values)} values"


def forms():
    """Ways to say `../secret`, of those that some server has believed."""
    dots = ["..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..%00", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "%uff0e%uff0e"]
    slashes = ["/", "%2f", "%2F", "\\", "%5c", "%255c", "%252f", "%c0%af", "//", "/./", ";/", "%00/"]
    told = [f"/{up}{slash}secret" for up in dots for slash in slashes]
    told += [f"/sub{slash}..{slash}..{slash}secret" for slash in slashes]
    told += ["//secret", "/c:/secret", "/c:\\secret", "/file:///secret", "/~root", "/.//../secret", "/sub/../../secret"]
    told += ["/sub/%2e%2e/%2e%2e/secret", "/%00", "/file%00", "/file/../../secret", "/...//secret", "/....//secret"]
    told += ["/..", "/../", "/%2e%2e/", "/../site/file", "/..;/secret", "/..?/secret", "*", "secret", "..", "../secret"]
    return told


@case("T56", "traversal set")
def traversal(stage):
    inside, address = serve(stage, "--hidden", "--follow-symlinks")
    absolute = os.path.dirname(inside)
    told = forms() + [f"/{absolute}/secret", f"//{absolute}/secret", f"/%2f{absolute[1:]}/secret"]
    for target in told:
        # A target that is none of HTTP's is refused before any file is looked for.
        answer = ask(address, request("GET", target, "Connection: close"))
        said = f"GET {target}: came {answer} {answer.body[:60]!r}"
        expect(answer.status in (400, 404) and SECRET not in answer.body, said)
    return f"{len(told)} forms"


@case("T57", "links, pipes, what changes meanwhile")
def links(stage):
    inside, address = serve(stage)
    for name, to in (("out", "../secret"), ("up", ".."), ("all", "/"), ("zero", "/dev/zero"), ("round", "round")):
        os.symlink(to, os.path.join(inside, name))
    os.mkfifo(os.path.join(inside, "pipe"))
    for target in ("/out", "/up/secret", "/up/", "/all/etc/passwd", "/zero", "/round", "/pipe", "/file/", "/file/x"):
        began = time.monotonic()
        answer = ask(address, request("GET", target))
        expect(answer.status == 404, f"GET {target}: came {answer}")
        expect(time.monotonic() - began < 1, f"GET {target} took {time.monotonic() - began:.1f} s")
    return f"{swapped(stage, inside, address):,} requests while a link was swapped in"


def swapped(stage, inside, address):
    """Asks while a name is a file, and then a link that leads outside, and so is the folder that it is in."""
    stop, asked = threading.Event(), stage.times(3000, 10_000)
    name, other = os.path.join(inside, "swapped"), os.path.join(inside, "other")

    def swap():
        while not stop.is_set():
            with open(other, "wb") as file:
                file.write(b"inside")
            os.replace(other, name)
            os.symlink("../secret", other)
            os.replace(other, name)
            for to in ("sub", "../secrets"):
                os.symlink(to, other)
                os.replace(other, name + "-folder")

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        with Wire(address) as wire:
            for number in range(asked):
                wire.send(request("GET", "/swapped" if number % 2 else "/swapped-folder/file"))
                answer = wire.answer()
                expect(answer is not None and answer.whole, f"after {number} requests the connection was {wire.ended}")
                fine = answer.status == 404 or answer.status == 200 and answer.body in (b"inside", b"below", b"")
                expect(fine, f"while a link was swapped in: came {answer} {answer.body[:60]!r}")
    finally:
        stop.set()
        swapping.join()
    return asked


@case("T59", "open redirect")
def open_redirect(stage):
    _, address = serve(stage, "--hidden")
    leads = ["//evil", "/\\evil", "/%2fevil", "/%2f/evil", "/%5cevil", "/.evil", "///evil", "/./evil", "/%09/evil", "/evil"]
    leads += ["//evil/%2e%2e", "/sub/..//evil", "/%2e%2e", "//sub", "/;//evil", "http://here//evil", "/sub?//evil"]
    seen = []
    for target in leads:
        answer = ask(address, request("GET", target, "Connection: close"))
        location = answer.fields.get("location")
        if location is None:
            continue
        seen.append(location)
        expect(re.match(r"/(?![/\\])", location), f"GET {target}: leads to {location!r}")
    expect("/evil/" in seen, f"no folder was found: {seen}")
    return f"{len(leads)} targets, {len(seen)} led on"

"""C02, C05, C07, C08: a client that is sent elsewhere, given cookies, and content that grows."""

import pathlib
import re
import struct
import zlib

from client import Caller
from stage import case
from ways import Server, always
from wire import expect

HI = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
SECRETS = ("authorization", "cookie", "proxy-authorization", "x-marked")


def to(location, status=302, *fields):
    head = [f"HTTP/1.1 {status} There", f"Location: {location}", "Content-Length: 0", *fields]
    return ("\r\n".join(head) + "\r\n\r\n").encode()


def by_path(answers):
    """Answers by the path, or by the path behind which anything stands; else well."""

    def answer(server):
        path = server.heads[-1].split(" ")[1]
        return next((said for begin, said in answers.items() if path.startswith(begin)), HI)

    return always(answer)


def told(head):
    """The names of the fields of a head."""
    return [line.split(":")[0].lower() for line in head.splitlines()[1:] if line]


@case("C02", "secrets on the way elsewhere")
def secrets(stage):
    caller, legs = Caller(stage, 5000, "--kept"), 0
    for status in (301, 302, 303, 307, 308):
        end = Server(stage, always(HI))
        middle = Server(stage, always(to(end.url(), 307)))
        for there in (middle.url(), middle.url().replace("127.0.0.1", "localhost"), middle.url().replace("127.0.0.1", "127.0.0.2")):
            if "127.0.0.2" in there:
                middle = Server(stage, always(to(end.url(), 307)), host="127.0.0.2")
                there = middle.url()
            start = Server(stage, always(to(there, status)))
            said = caller.call_url(f"SECRETS {start.url()}")
            expect(said.startswith("ok 200"), f"{status} to {there}: {said}")
            expect(set(SECRETS) <= set(told(start.heads[-1])), "not sent at all")
            for heard in (middle, end):
                leaked = set(SECRETS) & set(told(heard.heads[-1]))
                expect(not leaked, f"{status} to {there} leaks {leaked}")
                legs += 1
    back = Server(stage, by_path({"/start": b""}))
    away = Server(stage, always(to(back.url("/back"))))
    back.serve = by_path({"/start": to(away.url())})
    caller.call_url(f"SECRETS {back.url('/start')}")
    expect(not set(SECRETS) & set(told(back.heads[-1])), "what was left behind came back")
    return f"{legs} legs, 4 secrets, 0 leaks"


@case("C05", "cookies")
def cookies(stage):
    caller = Caller(stage, 5000, "--kept")
    setting = [f"Set-Cookie: {cookie}" for cookie in (
        "own=1",
        "wide=1; Domain=localhost",
        "foreign=1; Domain=example.com",
        "safe=1; Secure",
        "__Host-a=1; Path=/",
        "deep=1; Path=/deep",
        "gone=1; Max-Age=0",
        "long=" + "x" * 5000,
        *(f"many{n}=1" for n in range(100)),
    )]
    other = Server(stage, always(HI), host="127.0.0.2")
    server = Server(stage, by_path({"/set": to("/next", 302, *setting), "/away": to(other.url())}))
    caller.call_url(f"WHOLE {server.url('/set')}")
    sent = dict(re.findall(r"([^ ;=]+)=([^;\r]*)", re.search(r"\r\ncookie: ([^\r]*)", server.heads[-1], re.I)[1]))
    expect("own" in sent and len(sent) <= 50, f"sent: {sorted(sent)}")
    wrong = {"foreign", "safe", "__Host-a", "deep", "gone", "long", "wide"} & set(sent)
    expect(not wrong, f"sent too: {wrong}")
    caller.call_url(f"WHOLE {server.url('/away')}")
    expect("cookie" not in told(other.heads[-1]), "cookies went to another host")
    caller.call_url(f"WHOLE {server.url('/deep/x')}")
    expect("deep=1" in server.heads[-1], "a cookie of a path is not sent there")
    return f"{len(sent)} cookies back of {len(setting)}"


MIB = 2**20
# 16 MiB of zeros, as they come first and as they follow each other; found by an encoder that was flushed in between.
BROTLI = bytes.fromhex("cbffff3f002400e2b14072effff8ffff078004401c1680eefd9f01"), bytes.fromhex(
    "fcffff034002200e0b40f7fe8fffff7f004800c46101e8deff19"
)


def zeros(coding, size):
    """So many zeros, coded, in pieces."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    if coding == "gzip":
        crc = 0
        for _ in range(min(size // MIB, 1024)):
            crc = zlib.crc32(bytes(MIB), crc)
        yield b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
        yield from (block for _ in range(size // MIB))
        yield b"\x03\0" + struct.pack("<II", crc, size % 2**32)
    elif coding == "deflate":
        yield b"\x78\x9c"
        yield from (block for _ in range(size // MIB))
        yield b"\x03\0" + struct.pack(">HH", size % 65521, 1)
    elif coding == "br":
        yield BROTLI[0]
        yield from (BROTLI[1] for _ in range(size // (16 * MIB) - 1))
        yield b"\x03"
    else:
        # A window of 8 MiB, and blocks that say how often one byte stands there (RFC 8878 §3.1.1.2).
        piece = (2**17 << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
        yield b"\x28\xb5\x2f\xfd\x00\x68"
        yield from (piece * 8 for _ in range(size // MIB - 1))
        yield piece * 7 + (2**17 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"


def peak(caller):
    """The most memory it ever had, since this was forgotten."""
    folder = pathlib.Path(f"/proc/{caller.process.pid}")
    most = re.search(r"VmHWM:\s+(\d+)", (folder / "status").read_text())
    (folder / "clear_refs").write_text("5")
    return int(most[1]) * 1024


@case("C07", "content that grows to 10 GiB")
def bombs(stage):
    def serve(server, stream):
        while head := server.hear(stream):
            _, coding, size = head.split(b" ")[1].decode().strip("/").split("/")
            moved = "Location: /end/gzip/0\r\n" if head.startswith(b"GET /moved") else ""
            if size == "0":
                stream.sendall(HI)
                continue
            status = "302 There" if moved else "200 OK"
            stream.sendall(f"HTTP/1.1 {status}\r\n{moved}Content-Encoding: {coding}\r\nConnection: close\r\n\r\n".encode())
            for piece in zeros(coding, int(size)):
                stream.sendall(piece)
            return

    server, caller, grown = Server(stage, serve), Caller(stage, 60000, "--kept"), []
    caller.call_url(f"WHOLE {server.url('/end/gzip/0')}")
    for coding in ("gzip", "deflate", "br", "zstd"):
        before = peak(caller)
        said = caller.call_url(f"WHOLE {server.url(f'/bomb/{coding}/{10 * 2**30}')}")
        expect(said == "failed TooLarge", f"{coding}: {said}")
        said = caller.call_url(f"WHOLE {server.url(f'/moved/{coding}/{10 * 2**30}')}")
        expect(said == "ok 200 2", f"{coding} in a redirection: {said}")
        grown.append(peak(caller) - before)
        expect(grown[-1] < 8 * MIB, f"{coding}: grew by {grown[-1] / MIB:.1f} MiB")
    whole = stage.times(256 * MIB, 2**30)
    for coding, most in {"gzip": 2, "deflate": 2, "br": 10, "zstd": 12}.items():
        before = peak(caller)
        said = caller.call_url(f"UNBOUNDED {server.url(f'/bomb/{coding}/{whole}')}")
        expect(said == f"ok 200 {whole}" or coding == "gzip" and whole > 2**30, f"{coding} without bounds: {said}")
        now = peak(caller) - before
        expect(now < most * MIB, f"{coding} without bounds: grew by {now / MIB:.1f} MiB")
    return "at most +" + ", ".join(f"{bytes / MIB:.1f}" for bytes in grown) + " MiB"


@case("C08", "redirections that lead nowhere")
def nowhere(stage):
    caller = Caller(stage, 5000, "--kept")
    server = Server(stage, by_path({"/loop": to("/loop"), "/chain": to("/chain")}))
    said = caller.call_url(f"WHOLE {server.url('/loop')}")
    expect(said == "failed Redirect" and len(server.heads) == 11, f"{said} after {len(server.heads)} requests")
    locations = (
        "//",
        "///etc/passwd",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "data:text/plain,a",
        "http://",
        "http:///",
        "http://u:p@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://[::1/",
        "http://a b/",
        "http://a%00b/",
        "/a\tb",
    )
    for location in locations:
        lost = Server(stage, always(to(location)))
        said = caller.call_url(f"WHOLE {lost.url()}")
        expect(said in ("failed Redirect", "failed Malformed"), f"{location!r}: {said}")
        expect(len(lost.heads) == 1, f"{location!r}: asked again")
    return f"a loop ended after 10, {len(locations)} places refused"

"""Our file server beside others': CPython's `http.server` and nginx, over the same folder.

    files.py FILES

FILES is the built program `files`. Each request goes to all three; where ours answers otherwise than another, that must
be one of the differences below, each of which is on purpose and says why. One that no request shows any more is a fault,
too. A server that is not installed is skipped, and loudly; in CI that fails.
"""

import http.client
import itertools
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

CHANGED = 784111777
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT"
LATER = "Sun, 06 Nov 1994 08:49:38 GMT"

FILES = {
    "a.txt": b"0123456789",
    "empty": b"",
    "big.bin": bytes(range(256)) * 1000,
    "sub/index.html": b"<p>index</p>",
    "sub/b c.txt": b"blank",
    "plain/x.json": b"{}",
    "both/index.htm": b"htm",
    "both/index.html": b"html",
    "dir.html/x.txt": b"x",
    "odd/%41.txt": b"percent",
    "odd/\u00e4.txt": b"umlaut",
    "odd/a:b.txt": b"colon",
    "odd/a;b=c&d.txt": b"marks",
    "odd/a'b\"c<d>.txt": b"quotes",
    "odd/UPPER.TXT": b"upper",
    "style.css": b"p {}",
    "code.js": b"x",
    "picture.png": b"png",
    "archive.tar.gz": b"packed",
    "page.html": b"<p>page</p>",
    ".hidden": b"hidden",
    ".git/config": b"hidden",
}
LINKS = {"link.txt": "a.txt", "linked": "sub", "out.txt": "../outside.txt"}

# Every path that there is, and many that are not.
PATHS = ["/" + urllib.parse.quote(name, safe="/:;=&'") for name in [*FILES, *LINKS]] + """
/ /sub /sub/ /plain /plain/ /both/ /dir.html /dir.html/ /linked /linked/ /sub?a=b /a.txt?b=c /nothing /nothing/
/sub/nothing /a.txt/ /a.txt/b /A.TXT /%61.txt /sub/b+c.txt /odd/%41.txt //a.txt // //sub /sub//index.html /./a.txt
/sub/../a.txt /../a.txt /.. /sub/.. /%2e%2e/a.txt /sub%2findex.html /%zz /% /a.txt%00 /sub%5cindex.html
/%2e%2e/outside.txt /..%2foutside.txt /.git /.git/
""".split()
CONDITIONS = [
    {},
    {"If-Modified-Since": DATE},
    {"If-Modified-Since": EARLIER},
    {"If-Modified-Since": LATER},
    {"If-Modified-Since": "yesterday"},
    {"If-Modified-Since": "Sunday, 06-Nov-94 08:49:37 GMT"},
    {"If-None-Match": "own"},
    {"If-None-Match": "W/own"},
    {"If-None-Match": '"x"'},
    {"If-None-Match": '"x", own'},
    {"If-None-Match": "*"},
    {"If-None-Match": '"x"', "If-Modified-Since": DATE},
    {"If-Match": "own"},
    {"If-Match": '"x"'},
    {"If-Match": "*"},
    {"If-Unmodified-Since": DATE},
    {"If-Unmodified-Since": EARLIER},
    {"If-Match": "own", "If-None-Match": "own"},
]
RANGES = """
0-4 3-3 7- -3 -99 8-99 0- 10- 99- -0 5-2 a-b 0-0,2-3 0-18446744073709551616 18446744073709551616-
""".split()
RANGES = ["bytes=", "lines=0-1", *(f"bytes={part}" for part in RANGES)]


class Case:
    """A request."""

    def __init__(self, method, path, fields):
        self.method, self.path, self.fields = method, path, fields
        self.range = fields.get("Range", "")

    def __repr__(self):
        return f"{self.method} {self.path} {self.fields or ''}"


def requests():
    """Method, path, fields."""
    for method, path in itertools.product(("GET", "HEAD"), PATHS):
        yield method, path, {}
    for path, fields in itertools.product(("/a.txt", "/empty", "/sub/", "/nothing"), CONDITIONS):
        yield "GET", path, fields
    for path, field in itertools.product(("/a.txt", "/empty", "/big.bin"), RANGES):
        yield "GET", path, {"Range": field}
    for state in ("own", '"x"', "W/own", DATE, EARLIER):
        yield "GET", "/a.txt", {"Range": "bytes=1-2", "If-Range": state}
    yield "HEAD", "/a.txt", {"Range": "bytes=0-4"}
    for method in ("POST", "PUT", "DELETE"):
        yield method, "/a.txt", {}


def undressed(path):
    """Whether a path holds `//`, `.` or `..`, encoded or not."""
    names = path.split("?")[0].lower().replace("%2e", ".").strip("/").split("/")
    return path.startswith("//") or (path != "/" and any(name in ("", ".", "..") for name in names))


def found(answer):
    return answer.status in (200, 206, 301)


# Why ours answers otherwise, and whether it is for that: by the other's name, by path, `Range`, and both statuses.
DIFFERENCES = [
    ("what holds `//`, `.` or `..` is nothing, so that whoever looks at the path sees the same one",
     lambda other, case, ours, theirs: undressed(case.path) and ours.status == 404),
    ("an encoded slash separates nothing",
     lambda other, case, ours, theirs: "%2f" in case.path and ours.status == 404),
    ("dotfiles are nothing, unless told",
     lambda other, case, ours, theirs: "/." in case.path and ours.status == 404 and found(theirs)),
    ("what a link leads to outside of the folder is nothing, unless told",
     lambda other, case, ours, theirs: case.path == "/out.txt" and ours.status == 404 and found(theirs)),
    ("a `%` without digits is malformed, not a name",
     lambda other, case, ours, theirs: "%" in case.path and ours.status == 400),
    ("a name that no file has is nothing, which can be said",
     lambda other, case, ours, theirs: "%00" in case.path and ours.status == 404 and theirs.status in (0, 400)),
    ("a method that files do not have is 405",
     lambda other, case, ours, theirs: other == "python" and (ours.status, theirs.status) == (405, 501)),
    ("Python knows neither ranges nor entity tags, nor conditions that fail",
     lambda other, case, ours, theirs: other == "python" and case.fields and theirs.status == 200
     and ours.status in (206, 304, 412, 416)),
    ("RFC 9110 §14.2: a range counts for GET alone",
     lambda other, case, ours, theirs: case.method == "HEAD" and (ours.status, theirs.status) == (200, 206)),
    ("several ranges are answered with the whole",
     lambda other, case, ours, theirs: "," in case.range and (ours.status, theirs.status) == (200, 206)),
    ("RFC 9110 §14.2: a range that is malformed is ignored, and not unsatisfiable",
     lambda other, case, ours, theirs: case.range in ("bytes=5-2", "bytes=", "bytes=a-b")
     and (ours.status, theirs.status) == (200, 416)),
    ("RFC 9110 §14.1.2: an end beyond the end is the end, however large a number it is",
     lambda other, case, ours, theirs: case.range == "bytes=0-18446744073709551616"
     and (ours.status, theirs.status) == (206, 416)),
    ("RFC 9110 §14.1.2: nothing has no first byte, and so no part",
     lambda other, case, ours, theirs: case.path == "/empty" and case.range and (ours.status, theirs.status) == (416, 200)),
]


# The fields that must be the same, by status.
SAME = {
    200: ["Content-Length", "Last-Modified"],
    206: ["Content-Length", "Content-Range", "Last-Modified"],
    301: ["Location"],
    416: ["Content-Range"],
}


def main():
    used = set()
    with tempfile.TemporaryDirectory() as place:
        root = folder(pathlib.Path(place))
        with Ours(sys.argv[1], root) as ours:
            for other in filter(None, (python(root), nginx(root, pathlib.Path(place)))):
                with other:
                    used |= compare(ours, other)
    for reason, _ in DIFFERENCES:
        assert reason in used, f"no request shows this any more: {reason}"


def compare(ours, other):
    used, faults, count = set(), [], 0
    for case in itertools.starmap(Case, requests()):
        count += 1
        answers = ours.ask(case), other.ask(case)
        what = different(case, *answers)
        if not what:
            continue
        reasons = [reason for reason, is_it in DIFFERENCES if is_it(other.name, case, *answers)]
        used.update(reasons)
        if not reasons:
            faults.append(f"  {case}: {what}")
    good = f"ok {other.name}: {count} requests, {len(used)} kinds of differences, each on purpose"
    print("\n".join(faults) or good)
    assert not faults, f"{len(faults)} answers differ from {other.name}'s"
    return used


def different(case, ours, theirs):
    """What is not the same, if anything is."""
    if ours.status != theirs.status:
        return f"{ours.status}, not {theirs.status}"
    listing = case.path.split("?")[0].endswith("/") and ours.fields["ETag"] is None
    for name in SAME.get(ours.status, []):
        if not listing and ours.fields[name] != theirs.fields[name]:
            return f"{name} is {ours.fields[name]}, not {theirs.fields[name]}"
    if ours.status in (200, 206) and not listing and ours.content != theirs.content:
        return f"{ours.content[:40]}, not {theirs.content[:40]}"
    return None


class Answer:
    def __init__(self, response):
        self.status, self.fields, self.content = response.status, response.headers, response.read()


class NOTHING:
    """Where the connection was closed without a word."""

    status, fields, content = 0, {}, b""


class Peer:
    """A server in a process of its own."""

    def __init__(self, name, port, process):
        self.name, self.port, self.process = name, port, process
        self.tags = {}

    def ask(self, case):
        own = self.own(case.path) if "own" in str(case.fields) else ""
        fields = {name: value.replace("own", own) for name, value in case.fields.items()}
        return self.get(case.method, case.path, fields)

    def own(self, path):
        """The tag that this server has given to it."""
        if path not in self.tags:
            self.tags[path] = self.get("GET", path, {}).fields["ETag"] or '"none"'
        return self.tags[path]

    def get(self, method, path, fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in fields.items():
                connection.putheader(name, value)
            connection.endheaders()
            return Answer(connection.getresponse())
        except http.client.RemoteDisconnected:
            return NOTHING
        finally:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Ours(Peer):
    def __init__(self, program, root):
        command = [program, str(root), "--port", "0", "--access-log", "off"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = next(line for line in process.stdout if line.startswith("listening on "))
        super().__init__("ours", int(said.strip().rstrip("/").rsplit(":", 1)[1]), process)


def python(root):
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--protocol", "HTTP/1.1"]
    command += ["--directory", str(root)]
    return started("python", port, command)


def nginx(root, place):
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        print("SKIPPED nginx: it is not installed")
        assert not os.environ.get("CI"), "nginx is needed"
        return None
    port = free_port()
    config = place / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(
        f"{user} daemon off; pid {place}/nginx.pid; error_log stderr crit; events {{}} http {{ access_log off;"
        f" client_body_temp_path {place}; proxy_temp_path {place}; fastcgi_temp_path {place};"
        f" uwsgi_temp_path {place}; scgi_temp_path {place};"
        f" if_modified_since before; absolute_redirect off;"
        f" server {{ listen 127.0.0.1:{port}; root {root}; index index.html index.htm; autoindex on; }} }}"
    )
    return started("nginx", port, [program, "-c", str(config)])


def started(name, port, command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Peer(name, port, process)
        time.sleep(0.05)
    raise AssertionError(f"{name} does not listen")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def folder(place):
    root = place / "root"
    for name, content in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (CHANGED, CHANGED))
    for name, to in LINKS.items():
        (root / name).symlink_to(to)
    (place / "outside.txt").write_text("OUTSIDE")
    return root


if __name__ == "__main__":
    main()

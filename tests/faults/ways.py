"""C04, C06, C08: a client whose peers close connections as they like, that goes through proxies, and not everywhere."""

import base64
import collections
import os
import random
import socket
import struct
import subprocess
import tempfile
import threading

from client import Caller, Peer
from neighbours import found
from server import free_port
from stage import case
from wire import expect

HI = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


def head_of(stream):
    """The next head on a connection; nothing if there is none."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = stream.recv(1)
        if not byte:
            return b""
        head += byte
    return head


class Server:
    """Serves each connection in a thread of its own, and remembers each head that it heard."""

    def __init__(self, stage, serve, host="127.0.0.1"):
        self.listener = stage.enter_context(socket.create_server((host, 0), backlog=128))
        self.host, self.port = self.listener.getsockname()[:2]
        self.serve, self.heads = serve, []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                stream, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.play, args=(stream,), daemon=True).start()

    def play(self, stream):
        with stream:
            try:
                self.serve(self, stream)
            except OSError:
                pass

    def hear(self, stream):
        if head := head_of(stream):
            self.heads.append(head.decode())
        return head

    def url(self, path="/"):
        return f"http://{self.host}:{self.port}{path}"


def always(answer):
    def serve(server, stream):
        while server.hear(stream):
            stream.sendall(answer(server) if callable(answer) else answer)

    return serve


def reset(stream):
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def moody(chance):
    """Answers at least once, then closes whenever it likes: before a request, on its arrival, after its answer."""

    def serve(server, stream):
        answered = 0
        while True:
            mood = chance.randrange(12) if answered else 12
            if mood == 0 or not server.hear(stream):
                return
            if mood in (1, 2):
                return reset(stream) if mood == 2 else None
            closes = chance.randrange(8) == 0
            stream.sendall(HI.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") if closes else HI)
            answered += 1
            if closes or chance.randrange(12) == 0:
                return reset(stream) if chance.randrange(2) else None

    return serve


@case("C04", "the peer closes as the request goes out")
def stale(stage):
    number, workers = stage.times(2000, 10_000), 4
    server = Server(stage, moody(random.Random(4)))
    failures = []

    def work(worker):
        caller = Caller(stage, 5000, "--kept")
        for call in range(number // workers):
            method = ("GET", "POST")[call % 2]
            said = caller.call_url(f"{method} {server.url(f'/{worker}/{call}')}")
            if said != "ok 200 2":
                failures.append((method, said))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(workers)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    lost = [said for method, said in failures if method == "GET"]
    expect(not lost, f"{len(lost)} GETs were lost: {lost[:3]}")
    odd = [said for _, said in failures if "Disconnected { reused: true }" not in said]
    expect(not odd, f"a POST failed otherwise than by its connection: {odd[:3]}")
    seen = collections.Counter(head.split(" HTTP/")[0] for head in server.heads)
    twice = [line for line, times in seen.items() if line.startswith("POST") and times > 1]
    expect(not twice, f"made twice: {twice[:3]}")
    gets = sum(line.startswith("GET") for line in seen)
    expect(gets == number // 2, f"{gets} GETs were seen, of {number // 2}")
    again = sum(times - 1 for times in seen.values())
    return f"{number:,} calls: {again} GETs made again, {len(failures)} POSTs told to have failed"


SECRET = base64.b64encode(b"u:s3cret").decode()


class Environment:
    """Proxies by the environment of one caller."""

    def __init__(self, **variables):
        self.variables = {name: str(value) for name, value in variables.items()}

    def caller(self, stage, *flags):
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return Caller(stage, 5000, "--proxies", *flags, environment={**kept, **self.variables})


def refuse(_):
    return b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"


@case("C06", "what a proxy is told, and nobody else")
def proxies(stage):
    origin = Server(stage, always(HI))
    proxy = Server(stage, always(HI))
    to = f"http://u:s3cret@127.0.0.1:{proxy.port}"
    matrix = [
        ({"http_proxy": to}, True),
        ({"HTTP_PROXY": to}, True),
        ({"ALL_PROXY": to}, True),
        ({"https_proxy": to}, False),
        ({"HTTP_PROXY": to, "REQUEST_METHOD": "GET"}, False),
        ({"http_proxy": "", "HTTP_PROXY": to}, False),
        *[
            ({"http_proxy": to, "no_proxy": list}, served)
            for list, served in (
                ("localhost", True),
                ("127.0.0.1", False),
                ("127.0.0.0/8", False),
                ("10.0.0.0/8,.example.com", True),
                (f"127.0.0.1:{origin.port}", False),
                ("127.0.0.1:1", True),
                ("27.0.0.1", True),
                ("*", False),
            )
        ],
    ]
    for variables, served in matrix:
        origin.heads.clear(), proxy.heads.clear()
        said = Environment(**variables).caller(stage).call_url(origin.url("/a"))
        expect(said == "ok 200 2", f"{variables}: {said}")
        heard, other = (proxy, origin) if served else (origin, proxy)
        expect(len(heard.heads) == 1 and not other.heads, f"{variables}: called {'directly' if other.heads else '?'}")
        head = heard.heads[0]
        expect((SECRET in head) == served, f"{variables}: {head!r}")
        expect(head.startswith("GET " + (origin.url("/a") if served else "/a") + " "), f"{variables}: {head!r}")
    by_tunnel(stage, to, proxy)
    by_redirection(stage, origin)
    said = by_tinyproxy(stage, origin)
    by_haproxy(stage, origin)
    return f"{len(matrix)} environments, tunnels, redirections, {said}"


def by_tunnel(stage, to, proxy):
    """For https the proxy is told its own, and of the request nothing."""
    proxy.heads.clear()
    caller = Environment(https_proxy=to).caller(stage)
    proxy.serve = always(refuse)
    said = caller.call_url("https://origin.example/secret")
    expect(said == "failed Proxy(407)", said)
    [head] = proxy.heads
    expect(head.startswith("CONNECT origin.example:443 HTTP/1.1\r\nhost: origin.example:443\r\n"), repr(head))
    expect(SECRET in head and "the servers own" not in head and "/secret" not in head, repr(head))


def by_redirection(stage, origin):
    """From one who is called through the proxy to one who is not: what was for the proxy stays behind."""
    moved = f"HTTP/1.1 307 Go\r\nLocation: {origin.url('/moved')}\r\nContent-Length: 0\r\n\r\n"
    proxy = Server(stage, always(moved.encode()))
    origin.heads.clear()
    variables = {"http_proxy": f"http://u:s3cret@127.0.0.1:{proxy.port}", "no_proxy": "127.0.0.1"}
    said = Environment(**variables).caller(stage, "--follow").call_url("http://origin.example/a")
    expect(said == "ok 200 2", said)
    expect(SECRET in proxy.heads[0], proxy.heads[0])
    [head] = origin.heads
    expect(head.startswith("GET /moved ") and "proxy" not in head.lower() and "own" not in head, repr(head))


class Program:
    """Another's proxy, on a port of its own."""

    def __init__(self, stage, name, words, config):
        folder = stage.enter_context(tempfile.TemporaryDirectory())
        self.port = free_port()
        path = os.path.join(folder, "config")
        with open(path, "w") as file:
            file.write(config.format(port=self.port))
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen([found(name), *words, path], **silent)
        stage.callback(process.wait)
        stage.callback(process.kill)
        for _ in range(200):
            with socket.socket() as trial:
                trial.settimeout(0.05)
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            threading.Event().wait(0.05)
        expect(False, f"{name} does not listen")

    def environment(self, user):
        return Environment(all_proxy=f"http://{user}127.0.0.1:{self.port}")


TINYPROXY = """
Port {port}
Listen 127.0.0.1
Timeout 60
Allow 127.0.0.1
BasicAuth u s3cret
LogLevel Critical
"""


def by_tinyproxy(stage, origin):
    proxy = Program(stage, "tinyproxy", ["-d", "-c"], TINYPROXY)
    for way in ("GET", "TUNNEL"):
        origin.heads.clear()
        said = proxy.environment("u:s3cret@").caller(stage, "--kept").call_url(f"{way} {origin.url().rstrip('/')}")
        expect(said == "ok 200 2", f"{way} through tinyproxy: {said}")
        expect(all(SECRET not in head for head in origin.heads), origin.heads)
    for user in ("", "u:wrong@"):
        said = proxy.environment(user).caller(stage).call_url(f"TUNNEL {origin.url().rstrip('/')}")
        # It says 401 to a wrong password, whatever RFC 9110 says.
        expect(said in ("failed Proxy(407)", "failed Proxy(401)"), f"tinyproxy without credentials: {said}")
    return "tinyproxy and HAProxy"


HAPROXY = """
defaults
    mode http
    timeout client 9s
    timeout server 9s
    timeout connect 5s
    option http-use-proxy-header
userlist known
    user u insecure-password s3cret
frontend front
    bind 127.0.0.1:{{port}}
    http-request auth realm p unless {{{{ http_auth(known) }}}}
    http-request del-header Proxy-Authorization
    default_backend back
backend back
    server one 127.0.0.1:{origin}
"""


def by_haproxy(stage, origin):
    proxy = Program(stage, "haproxy", ["-db", "-f"], HAPROXY.format(origin=origin.port))
    for user, expected in (("u:s3cret@", "ok 200 2"), ("u:wrong@", "ok 407 ")):
        origin.heads.clear()
        caller = proxy.environment(user).caller(stage, "--kept")
        for _ in range(3):
            said = caller.call_url("http://origin.example/a")
            expect(said.startswith(expected), f"{user} through HAProxy: {said}")
        expect(len(origin.heads) == (3 if user == "u:s3cret@" else 0), origin.heads)


@case("C08", "where a client may not go")
def not_everywhere(stage):
    inside = Server(stage, always(HI))
    urls = [
        f"http://{host}:{inside.port}/"
        for host in (
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "localhost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0",
            "0.0.0.0",
            "[::]",
        )
    ]
    hops = ["", "//{host}", "http://{host}", "http://{host}#a", "http://u:p@{host}"]
    targets = [hop.format(host=url.split("/")[2]) + "/inside" for url in urls for hop in hops[1:]]
    targets += ["file:///etc/passwd", "gopher://127.0.0.1:70/", "ftp://127.0.0.1/", "javascript:1", "http://", "//"]
    outside = Server(stage, always(lambda server: move(targets[len(server.heads) - 1])), host="127.0.0.2")
    caller = Caller(stage, 5000, "--follow", "--allow", "127.0.0.2")
    for url in urls:
        said = caller.call_url(url)
        expect(said.startswith("failed"), f"{url}: {said}")
    for target in targets:
        said = caller.call_url(outside.url())
        expect(said.startswith("failed"), f"a redirection to {target}: {said}")
    expect(not inside.heads, f"asked inside: {inside.heads[:2]}")
    rounds = {
        "a loop": lambda server: move("/"),
        "a hundred": lambda server: move(f"/{len(server.heads)}") if len(server.heads) < 100 else HI,
    }
    for name, answer in rounds.items():
        server = Server(stage, always(answer), host="127.0.0.2")
        said = caller.call_url(server.url())
        expect(said == "failed Redirect" and len(server.heads) <= 21, f"{name}: {said} after {len(server.heads)}")
    return f"{len(urls)} addresses, {len(targets)} redirections, loops"


def move(to):
    return f"HTTP/1.1 302 Go\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()

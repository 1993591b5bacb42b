#!/usr/bin/env python3
"""Whether all client programs do what they are measured by: `check.py FOLDER [NAME…]`, with the folder of their
binaries. Each calls a server that answers rightly, wrongly, and not at all.

With `--server URL` the right answers come from that server instead."""

import argparse
import json
import pathlib
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).parent
NAMES = ["counterpart", "counterpart --raw", "sockets", "hyper-util", "reqwest", "awc", "ureq", "http_client.py"]
ONE_AT_A_TIME = {"ureq", "http_client.py"}
KEYS = ["calls", "seconds", "cpu_seconds", "p50_us", "p99_us", "p999_us"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--server")
    flags = parser.parse_args()
    right = flags.server or serve(200, b'{"message":"Hello, World!"}')
    wrong = [
        serve(200, b'{"message":"Hello, Moon!"}'),
        serve(500, b'{"message":"Hello, World!"}'),
        serve(200, b'{"greeting":1}'),
        "http://127.0.0.1:1",
    ]
    mistakes = [mistake for name in flags.names for mistake in check(flags.folder, name, right, wrong)]
    print("\n".join(mistakes) or f"{len(flags.names)} clients are right")
    sys.exit(bool(mistakes))


def check(folder, name, right, wrong):
    for concurrency in [1] if name in ONE_AT_A_TIME else [1, 8, 64]:
        done = run(folder, name, right, concurrency)
        for mistake in mistakes_of(done):
            yield f"{name}, {concurrency} at a time: {mistake}"
    if name in ONE_AT_A_TIME and run(folder, name, right, 2).returncode == 0:
        yield f"{name} claims to make two calls at a time"
    for url in wrong:
        done = run(folder, name, url, 1)
        if done.returncode != 1 or not done.stderr.strip() or done.stdout:
            yield f"{name} at {url}: code {done.returncode}, `{done.stderr.strip()}`, `{done.stdout.strip()}`"


def mistakes_of(done):
    if done.returncode != 0:
        return [f"code {done.returncode}, `{done.stderr.strip()}`"]
    line = json.loads(done.stdout)
    if list(line) != KEYS:
        return [f"the line has {list(line)}"]
    if line["calls"] != CALLS:
        return [f"{line['calls']} calls"]
    if not 0 < line["p50_us"] <= line["p99_us"] <= line["p999_us"] <= line["seconds"] * 1e6:
        return [f"times out of order: {line}"]
    return [] if 0 < line["cpu_seconds"] < 2 * line["seconds"] else [f"no CPU time: {line}"]


def run(folder, name, url, concurrency):
    name, *own = name.split()
    program = HERE / name if name.endswith(".py") else folder / f"{name}-client"
    words = [url, "--concurrency", concurrency, "--calls", CALLS, "--warmup", 10]
    return subprocess.run([program, *map(str, words), *own], capture_output=True, text=True, timeout=60)


def serve(status, content):
    """A server in a thread of its own; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self):
            if self.path != "/json":
                return self.send_error(404)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


CALLS = 500

if __name__ == "__main__":
    main()

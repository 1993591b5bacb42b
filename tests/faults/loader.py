"""Load: a process of its own that keeps a number of connections busy, each with one request at a time.

    python3 loader.py HOST PORT CONNECTIONS PATH RETRY

It goes on until its input ends, then prints one line of JSON: how many were answered, how many a second, what failed. With
RETRY 1 a request that no answer came to is asked once more on a new connection, as clients do with an idempotent one.
"""

import json
import os
import selectors
import socket
import subprocess
import sys
import time

from wire import request


class Caller:
    """One connection, and the request on it."""

    def __init__(self, load):
        self.load, self.socket, self.again = load, None, False
        self.connect()

    def connect(self):
        if self.socket:
            self.load.selector.unregister(self.socket)
            self.socket.close()
        self.socket = socket.create_connection(self.load.address, timeout=5)
        self.socket.setblocking(False)
        self.load.selector.register(self.socket, selectors.EVENT_READ, self)
        self.ask()

    def ask(self):
        self.came = b""
        self.socket.send(self.load.data)

    def hear(self):
        try:
            self.came += self.socket.recv(65536)
            ended = not self.came
        except OSError:
            ended = True
        if ended:
            return self.lost()
        head, end, body = self.came.partition(b"\r\n\r\n")
        if not end or len(body) < length_of(head):
            return None
        if head[:12] != b"HTTP/1.1 200":
            self.load.failed.append(head[:80].decode("latin-1"))
        self.load.answered, self.again = self.load.answered + 1, False
        return self.connect() if b"connection: close" in head.lower() else self.ask()

    def lost(self):
        if self.again or not self.load.retry:
            self.load.failed.append(f"ended after {self.came[:60]!r}")
        self.again = not self.again
        return self.connect()


def length_of(head):
    _, _, behind = head.lower().partition(b"content-length:")
    return int(behind.split(b"\r\n")[0])


class Load:
    def __init__(self, address, path, retry):
        self.address, self.data, self.retry = address, request("GET", path), retry
        self.selector, self.answered, self.failed = selectors.DefaultSelector(), 0, []

    def run(self, connections):
        for _ in range(connections):
            Caller(self)
        self.selector.register(sys.stdin, selectors.EVENT_READ, None)
        began, counted = time.perf_counter(), self.answered
        while True:
            for key, _ in self.selector.select(1):
                if key.data is None:
                    took = time.perf_counter() - began
                    return {
                        "answered": self.answered,
                        "rate": (self.answered - counted) / took,
                        "failed": self.failed[:20],
                    }
                try:
                    key.data.hear()
                except OSError as error:
                    self.failed.append(str(error))
                    key.data.connect()


class Loader:
    """Starts one with `with`."""

    def __init__(self, address, connections, path="/", retry=False):
        here = os.path.abspath(__file__)
        words = [address[0], str(address[1]), str(connections), path, str(int(retry))]
        self.process = subprocess.Popen([sys.executable, here, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def fared(self):
        said, _ = self.process.communicate(timeout=20)
        return json.loads(said)


def main():
    host, port, connections, path, retry = sys.argv[1:]
    print(json.dumps(Load((host, int(port)), path, retry == "1").run(int(connections))))


if __name__ == "__main__":
    main()

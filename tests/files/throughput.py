#!/usr/bin/env python3
"""How fast a large file is sent, beside nginx: tests/files/throughput.py PROGRAM [MEGABYTES] [ROUNDS]

PROGRAM is a release build of `files`. Both serve one folder on loopback, and are asked in turns, so that what else the
machine does meets both. A reader that only receives is the clock. Also: memory while many download at once, and how long
a small request takes beside them. Nothing is asserted; the last line of each part is what counts.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

MIB = 1 << 20
NGINX = """
worker_processes auto; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""


def connect(port):
    stream = socket.create_connection(("127.0.0.1", port))
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stream


def get(stream, path, room, stopped=None):
    """Asks once on a connection, reads all, and tells how many bytes of content came; or ends once it is stopped."""
    stream.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        came = stream.recv(65536)
        if not came:
            raise EOFError(f"no answer, but {head!r}")
        head += came
    head, rest = head.split(b"\r\n\r\n", 1)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    length = left = int(fields[b"content-length"])
    left -= len(rest)
    while left and not (stopped and stopped.is_set()):
        received = stream.recv_into(room)
        if not received:
            raise EOFError(f"{left} bytes are missing")
        left -= received
    return length


def megabytes_a_second(port):
    room = memoryview(bytearray(MIB))
    with connect(port) as stream:
        begun = time.perf_counter()
        length = get(stream, "/large", room)
        return length / MIB / (time.perf_counter() - begun)


def memory(process):
    """What a process holds of its own, in KiB: pages of files that it sends are not among them."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))


def seconds_at_work(process):
    """The time on a processor that a process and its children have used."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True).stdout
    used = 0
    for pid in [process.pid, *map(int, listed.split())]:
        with open(f"/proc/{pid}/stat") as stat:
            used += sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))
    return used / os.sysconf("SC_CLK_TCK")


def in_turns(servers, rounds):
    rates = {name: [] for name in servers}
    for _ in range(rounds):
        for name, (_, port) in servers.items():
            rates[name].append(megabytes_a_second(port))
    for name, found in rates.items():
        spread = " ".join(f"{rate:.0f}" for rate in sorted(found))
        at_work = seconds_at_work(servers[name][0]) / rounds
        print(f"{name:8} {statistics.median(found):7.0f} MiB/s, {at_work:.2f} s at work each   ({spread})")
    ours, theirs = (statistics.median(found) for found in rates.values())
    print(f"files / nginx: {ours / theirs:.2f}")


def beside_many(process, port, downloads):
    """The time of small requests while many download, and what the process grows by."""
    before, stopped = memory(process), threading.Event()

    def download():
        room = memoryview(bytearray(65536))
        with connect(port) as stream:
            while not stopped.is_set():
                get(stream, "/large", room, stopped)

    threads = [threading.Thread(target=download, daemon=True) for _ in range(downloads)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    # A reader in another process: this one's threads are busy.
    asking = subprocess.run([sys.executable, __file__, "--small", str(port)], capture_output=True, text=True, check=True)
    grown = memory(process) - before
    stopped.set()
    for thread in threads:
        thread.join()
    print(f"{downloads} downloads: {asking.stdout.strip()}; {grown} KiB more memory")


def small(port):
    room, times = memoryview(bytearray(4096)), []
    with connect(port) as stream:
        for _ in range(2000):
            begun = time.perf_counter()
            get(stream, "/small", room)
            times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    print(f"a small GET takes {times[1000]:.2f} ms at p50, {times[1980]:.2f} ms at p99")


def main():
    program = sys.argv[1]
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1024
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 11
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/site")
        with open(f"{folder}/site/large", "wb") as large:
            for _ in range(size):
                large.write(os.urandom(MIB))
        with open(f"{folder}/site/small", "w") as file:
            file.write("small")
        os.chmod(folder, 0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(NGINX.format(folder=folder, port=port))
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf"])
        ours = subprocess.Popen([program, f"{folder}/site", "0", "--access-log", "off"], stdout=subprocess.PIPE, text=True)
        try:
            line = next(line for line in ours.stdout if line.startswith("listening on "))
            servers = {"files": (ours, int(line.rsplit(":", 1)[1])), "nginx": (nginx, port)}
            time.sleep(0.5)
            in_turns(servers, rounds)
            for name, (process, port) in servers.items():
                print(name, end=": ")
                beside_many(process, port, 64)
        finally:
            ours.kill()
            nginx.terminate()
            nginx.wait()


if __name__ == "__main__":
    if sys.argv[1] == "--small":
        small(int(sys.argv[2]))
    else:
        main()

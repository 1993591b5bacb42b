"""T84, T86: proxies in front that keep connections, and a clock that jumps."""

import glob
import os
import shutil
import subprocess
import tempfile
import time
from email.utils import parsedate_to_datetime

from loader import Loader
from server import free_port
from stage import Skipped, case
from wire import Wire, ask, expect, is_well, request

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log stderr crit; worker_rlimit_nofile 4096;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    upstream kept {{ server {address}; keepalive 32; keepalive_timeout 60s; }}
    server {{
        listen 127.0.0.1:{port}; keepalive_timeout 60s; keepalive_requests 1000000;
        location / {{ proxy_pass http://kept; proxy_http_version 1.1; proxy_set_header Connection ""; }}
    }}
}}
"""

HAPROXY = """
global
    maxconn 1000
defaults
    mode http
    timeout client 60s
    timeout server 60s
    timeout connect 5s
    timeout http-keep-alive 60s
    http-reuse always
frontend front
    bind 127.0.0.1:{port}
    default_backend back
backend back
    server one {address}
"""


def found(program):
    path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not path:
        raise Skipped(f"{program} is not installed: apt-get install nginx-light haproxy tinyproxy libfaketime")
    return path


class Proxy:
    """A proxy before a server, on a port of its own."""

    def __init__(self, stage, program, words, text, server):
        folder = stage.enter_context(tempfile.TemporaryDirectory())
        os.chmod(folder, 0o755)
        self.address = ("127.0.0.1", free_port())
        config = os.path.join(folder, "config")
        with open(config, "w") as file:
            file.write(
                text.format(folder=folder, port=self.address[1], address=f"{server.address[0]}:{server.address[1]}")
            )
        self.process = subprocess.Popen(
            [found(program), *[word.format(config=config, folder=folder) for word in words]],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stage.callback(self.stop)
        by = time.monotonic() + 10
        while True:
            try:
                return is_well(self.address)
            except Exception:
                expect(time.monotonic() < by and self.process.poll() is None, f"{program} does not come up")
                time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait()


PROXIES = {"nginx": (["-c", "{config}", "-p", "{folder}"], NGINX), "haproxy": (["-f", "{config}", "-db"], HAPROXY)}


@case("T84", "behind nginx, HAProxy keep-alive", waits=True)
def behind_proxies(stage):
    said, lasting = [], stage.times(4, 60)
    for program, (words, text) in PROXIES.items():
        server = stage.start("app")
        proxy = Proxy(stage, program, words, text, server)
        expect(ask(proxy.address, request("HEAD"), "HEAD").status == 200, f"HEAD through {program}")
        expect(
            ask(proxy.address, request("POST", "/echo", "Content-Type: application/json", body=b"[1]")).body
            == b"[1]",
            program,
        )
        with Loader(proxy.address, 20) as loader:
            time.sleep(lasting)
            fared = loader.fared()
        expect(not fared["failed"], f"{program}: {fared['failed'][:3]}")
        # A kept connection rests, and is used again: it must still be there.
        for _ in range(stage.times(3, 10)):
            time.sleep(1)
            is_well(proxy.address)
        said.append(f"{program} {fared['answered']:,}, 0 x 502")
    idle_outlasts(stage)
    return "; ".join(said)


def idle_outlasts(stage):
    """Proxies close what has been idle for 60 s; the server must not do it before them."""
    server = stage.start("echo")
    with Wire(server.address, timeout=5) as wire:
        wire.send(request())
        wire.answer()
        time.sleep(62)
        wire.send(request())
        expect((answer := wire.answer()) and answer.status == 200, f"idle for 62 s, then {answer}, {wire.ended}")


@case("T86", "clock jump", waits=True)
def clock_jump(stage):
    libraries = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not libraries:
        raise Skipped("libfaketime is not installed: apt-get install libfaketime")
    with tempfile.NamedTemporaryFile("w", suffix=".time") as clock:
        set_clock(clock, "+0")
        server = stage.start(
            "app",
            environment={
                "LD_PRELOAD": libraries[0],
                "FAKETIME_TIMESTAMP_FILE": clock.name,
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            },
        )
        wires = [stage.enter_context(Wire(server.address)) for _ in range(50)]
        half = [stage.enter_context(Wire(server.address)) for _ in range(10)]
        for wire in half:
            wire.send(b"GET / HTTP/1.1\r\n")
        for jump, hours in (("+0", 0), ("+3600", 1), ("-3600", -1), ("+2145916800", 68 * 365.25 * 24), ("+0", 0)):
            set_clock(clock, jump)
            time.sleep(1.2)
            for wire in wires:
                wire.send(request())
                answer = wire.answer()
                expect(answer and answer.status == 200, f"after a jump of {jump} s: {answer} and {wire.ended}")
            expect(
                abs(date_of(answer) - time.time() - hours * 3600) < 3 * 3600 * (abs(hours) > 9) + 5,
                f"after a jump of {jump} s the Date is {answer.fields['date']}",
            )
        for wire in half:
            wire.send(b"Host: here\r\n\r\n")
            expect((answer := wire.answer()) and answer.status == 200, f"half a head over the jumps: {answer}")
    return "+1 h, -1 h, +68 y: 60 connections outlive them, Date follows"


def date_of(answer):
    return parsedate_to_datetime(answer.fields["date"]).timestamp()


def set_clock(file, text):
    file.seek(0)
    file.truncate()
    file.write(text + "\n")
    file.flush()

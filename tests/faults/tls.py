"""T76, T77, T79: handshakes that stall, what is no hello, and what others say of our TLS.

T78, certificates that change under load, is a test of `tests/tests/tls`.
"""

import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from stage import Skipped, case
from wire import Wire, expect, request

# As a root has one, and as a server has one that it issued.
ROOT = ["-x509", "-subj", "/CN=Suite", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
LEAF = ["-x509", "-subj", "/CN=localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
LEAF += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "extendedKeyUsage=serverAuth"]
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "90"]


def make(folder, name, words):
    """A certificate and its key."""
    paths = ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
    subprocess.run(["openssl", "req", *words, *KEY, *paths], check=True, capture_output=True)


def serve(stage):
    """A file server by TLS, and the root that it is to be trusted by."""
    if not shutil.which("openssl"):
        raise Skipped("openssl is not installed")
    folder = pathlib.Path(stage.enter_context(tempfile.TemporaryDirectory()))
    make(folder, "root", ROOT)
    make(folder, "leaf", [*LEAF, "-CA", str(folder / "root.pem"), "-CAkey", str(folder / "root.key")])
    chain = folder / "chain.pem"
    chain.write_text((folder / "leaf.pem").read_text() + (folder / "root.pem").read_text())
    (folder / "public").mkdir()
    (folder / "public" / "index.html").write_text("here")
    tls = ["--tls-cert", str(chain), "--tls-key", str(folder / "leaf.key")]
    server = stage.start("files", str(folder / "public"), "--access-log", "off", *tls)
    return server, folder / "root.pem"


class Asks:
    """Asks at an even pace by TLS, a handshake each time, and knows how long each took."""

    def __init__(self, server, root):
        self.server, self.context = server, ssl.create_default_context(cafile=root)
        self.times, self.failed, self.over = [], [], threading.Event()
        self.thread = threading.Thread(target=self.run)

    def once(self):
        wire = Wire(self.server.address)
        with self.context.wrap_socket(wire.socket, server_hostname="localhost") as secured:
            secured.sendall(request("GET", "/"))
            return secured.recv(100)

    def run(self):
        while not self.over.wait(0.02):
            began = time.perf_counter()
            try:
                expect(self.once().startswith(b"HTTP/1.1 200 "), "no answer of 200")
            except Exception as failure:
                self.failed.append(repr(failure))
            self.times.append((time.perf_counter() - began) * 1000)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


@case("T76", "TLS stalls", waits=True)
def stalls(stage):
    server, root = serve(stage)
    crowd = 1000 if stage.full else 300
    with Asks(server, root) as asks:
        began = time.monotonic()
        wires = [Wire(server.address, timeout=15) for _ in range(crowd)]
        for number, wire in enumerate(wires):
            wire.send([b"", b"\x16\x03\x01\x02\x00", b"\x16"][number % 3])
        drip = iter(b"\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        while time.monotonic() - began < 4:
            time.sleep(1)
            byte = bytes([next(drip)])
            for wire in wires[2::3]:
                wire.send(byte)
        for wire in wires:
            wire.ends_within(4)
        took = time.monotonic() - began
        for wire in wires:
            wire.close()
    times = sorted(asks.times)
    p99 = times[int(len(times) * 0.99)]
    expect(not asks.failed, f"the good client failed: {asks.failed[:3]}")
    expect(took < 5 + 2 * stage.slack, f"the last of {crowd} was cut after {took:.1f} s")
    expect(p99 < 50 * stage.slack, f"the good client's p99 is {p99:.1f} ms, with a handshake each")
    return f"{crowd} cut within {took:.1f} s, good p99 {p99:.1f} ms with a handshake each"


NO_HELLOS = {
    "SSL 2": bytes.fromhex("802e0103010015000000100100800300800700c006004002008004008000000011"),
    "zeros": bytes(100),
    "a long record": b"\x16\x03\x01\xff\xff",
    "a broken hello": b"\x16\x03\x01\x00\x04\x01\xff\xff\xff",
    "an alert": b"\x15\x03\x01\x00\x02\x02\x28",
    "an end": b"",
}


@case("T77", "TLS oddities")
def oddities(stage):
    server, root = serve(stage)
    with Wire(server.address) as wire:
        wire.send(request("GET", "/"))
        answer = wire.answer()
        expect(answer.status == 400 and b"https://" in answer.body, f"plain http got {answer!r}")
    for name, data in NO_HELLOS.items():
        with Wire(server.address) as wire:
            wire.send(data)
            wire.end_sending()
            said = wire.rest()
            expect(said in (b"", None) or said[:1] == b"\x15", f"{name} got {said!r}")
    for protocol in ["h2", None]:
        context = ssl.create_default_context(cafile=root)
        if protocol:
            context.set_alpn_protocols([protocol])
        wire = Wire(server.address)
        try:
            context.wrap_socket(wire.socket, server_hostname="localhost").close()
            expect(protocol is None, "a client of h2 alone was let in")
        except ssl.SSLError as error:
            expect(protocol and "no application protocol" in str(error), f"{protocol}: {error}")
    halves, before = 10_000 if stage.full else 1000, None
    for number in range(halves):
        with Wire(server.address) as wire:
            wire.send(b"\x16\x03\x01\x02\x00\x01\x00")
        # By then as many are under way at a time as ever will be.
        if number == halves // 2:
            before = server.memory()
    grown = server.memory() - before
    expect(grown < 4 << 20, f"{halves} halves of a handshake took {grown:,} bytes")
    expect(Asks(server, root).once().startswith(b"HTTP/1.1 200 "), "not well afterwards")
    return f"{len(NO_HELLOS)} kinds, {halves} halves: {grown:,} bytes"


@case("T79", "sslyze")
def judged(stage):
    found = os.environ.get("SSLYZE") or shutil.which("sslyze")
    if not found:
        venv = pathlib.Path(stage.enter_context(tempfile.TemporaryDirectory())) / "venv"
        found = venv / "bin" / "sslyze"
        install = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "sslyze"]
        for command in [[sys.executable, "-m", "venv", venv], install]:
            if subprocess.run(command, capture_output=True, timeout=300).returncode != 0:
                # Where there is no way to PyPI, nothing of ours has failed.
                return "SKIPPED: sslyze is not installed, and PyPI cannot be reached"
    server, root = serve(stage)
    host, port = server.address
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        words = ["--mozilla_config", "intermediate", "--certinfo_ca_file", str(root), "--json_out", file.name]
        done = subprocess.run([found, *words, f"localhost:{port}"], capture_output=True, text=True, timeout=120)
        result = json.load(open(file.name))["server_scan_results"][0]["scan_result"]
    for version in ["ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1"]:
        accepted = result[f"{version}_cipher_suites"]["result"]["accepted_cipher_suites"]
        expect(not accepted, f"{version} is spoken")
    expect("OK - Compliant." in done.stdout, done.stdout[-900:])
    return "compliant with Mozilla's intermediate configuration"

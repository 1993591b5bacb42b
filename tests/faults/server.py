"""The programs under test: built, started on a free port, watched from outside, stopped."""

import os
import pathlib
import re
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

from wire import Failure, expect, is_well

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE")

# What is played against, and where it is built: four of the programs that everybody can run, and two of the suite's own.
PROGRAMS = {"echo": "echo", "app": "faults", "files": "files", "transfers": "transfers", "target": "examples/target", "caller": "examples/caller"}
BUILDS = {
    ("echo", "app"): ["-p", "echo", "-p", "faults"],
    ("files", "transfers"): ["-p", "files", "-p", "transfers"],
    ("target", "caller"): ["-p", "counterpart-tests", "--example", "target", "--example", "caller"],
}


def build(paths):
    """Builds what no path was given for, as the release that is measured, and gives all paths."""
    for names, words in BUILDS.items():
        if not all(name in paths for name in names):
            subprocess.run(["cargo", "build", "--locked", "--release", "--quiet", *words], cwd=ROOT, check=True)
    folder = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    found = {name: paths.get(name) or str(folder / "release" / built) for name, built in PROGRAMS.items()}
    # Where tests were run there is a debug build: stacks are deeper in it.
    debug = folder / "debug" / "faults"
    return {**found, "debug app": str(debug)} if debug.exists() else found


# Becomes the program, after it has limited its files or has put a socket where it is looked for (`sd_listen_fds(3)`).
LAUNCH = """
import os, resource, sys
files, passed, *command = sys.argv[1:]
if files != "None":
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(files), int(files)))
if passed != "None":
    os.dup2(int(passed), 3)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(command[0], command)
"""


class Server:
    """A started program. `address` is where it listens."""

    def __init__(self, path, *arguments, port=0, files=None, passed=None, environment=None):
        self.log = tempfile.TemporaryFile()
        command = [path, "--port", str(port), *arguments]
        if files or passed is not None:
            command = [sys.executable, "-c", LAUNCH, str(files), str(passed), *command]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            pass_fds=[] if passed is None else [passed],
            env={**os.environ, **(environment or {})},
        )
        self.pid = self.process.pid
        try:
            self.address = self._listening()
        except BaseException:
            self.kill()
            raise

    def _listening(self):
        said = select.poll()
        said.register(self.process.stdout, select.POLLIN)
        line = self.process.stdout.readline().decode() if said.poll(20_000) else ""
        found = re.match(r"listening on https?://(.+):(\d+)$", line.strip())
        if not found:
            raise Failure(
                f"{self.process.args} did not say where it listens, but {line!r} and {self.logged()[-500:]!r}"
            )
        return found[1].strip("[]"), int(found[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    # What the operating system knows of it.

    def memory(self):
        """Resident bytes."""
        return int(self._proc("statm").split()[1]) * PAGE

    def processor(self):
        """Seconds of processor time, all threads, to the nanosecond."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            total += int(self._proc(f"task/{task}/schedstat").split()[0])
        return total / 1e9

    def files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def _proc(self, name):
        with open(f"/proc/{self.pid}/{name}") as file:
            return file.read()

    def logged(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def is_up(self):
        return self.process.poll() is None

    # What is asked of it.

    def is_well(self):
        expect(self.is_up(), f"the server is gone: {self.process.returncode}, {self.logged()[-500:]!r}")
        is_well(self.address)

    def settles(self, measure, at_most, seconds=5.0):
        """The measure, once it is no more than so much; a Failure if it stays above."""
        until = time.monotonic() + seconds
        while (now := measure()) > at_most:
            if time.monotonic() > until:
                raise Failure(f"{measure.__name__} is {now:,} after {seconds} s, expected at most {at_most:,}")
            time.sleep(0.02)
        return now

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def exits_within(self, seconds):
        began = time.monotonic()
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"the server still runs {seconds} s after SIGTERM") from None
        expect(code == 0, f"the server exited with {code}: {self.logged()[-500:]!r}")
        return time.monotonic() - began

    def kill(self):
        if self.is_up():
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def free_port():
    """A port that was free a moment ago, where two programs must agree on one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def raise_files():
    """As many files as the operating system allows; gives how many that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard

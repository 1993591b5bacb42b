"""The stage: cases in a list, each with the servers it asks for; and how much is played."""

import contextlib
import os
import threading

from server import Server
from wire import expect

CASES = []


class Skipped(Exception):
    """Why a case cannot be played here."""


class Case:
    def __init__(self, id, name, play, waits, alone, full_only):
        self.id, self.name, self.play = id, name, play
        self.waits, self.alone, self.full_only = waits, alone, full_only


def case(id, name, *, waits=False, alone=False, full_only=False):
    """Puts a function on the list. One that `waits` mostly sleeps, so all of these are played side by side; one that is
    played `alone` measures what a noisy neighbour would spoil, or is such a neighbour."""

    def put(play):
        CASES.append(Case(id, name, play, waits, alone, full_only))
        return play

    return put


class Troupe:
    """The programs, and one server of each for all cases that do not measure it."""

    def __init__(self, paths, full):
        self.paths, self.full = paths, full
        # A machine that does other things meanwhile is allowed for: times that are measured may be this much longer.
        self.slack = 1 if full and os.getloadavg()[0] < os.cpu_count() / 2 else 3
        self._shared, self._lock = {}, threading.Lock()

    def shared(self, name):
        with self._lock:
            server = self._shared.get(name)
            if server is None or not server.is_up():
                server = self._shared[name] = Server(self.paths[name])
            return server

    def end(self):
        for server in self._shared.values():
            server.kill()


class Stage(contextlib.ExitStack):
    """What one case is played on; what it started ends with it."""

    def __init__(self, troupe):
        super().__init__()
        self._troupe, self.full = troupe, troupe.full
        self.slack = troupe.slack

    @property
    def echo(self):
        return self._troupe.shared("echo").address

    @property
    def app(self):
        return self._troupe.shared("app").address

    @property
    def target(self):
        return self._troupe.shared("target").address

    def path(self, name):
        return self._troupe.paths.get(name)

    def start(self, name, *arguments, **settings):
        """A server of this case's own."""
        return self.start_at(self.path(name), *arguments, **settings)

    def start_at(self, path, *arguments, **settings):
        """The same, of a program that is not among ours."""
        return self.enter_context(Server(path, *arguments, **settings))

    def times(self, short, full):
        return full if self.full else short

    def grown_at_most(self, server, before, megabytes):
        grown = server.memory() - before
        expect(grown <= megabytes * 2**20, f"grew by {grown / 2**20:.1f} MiB, expected at most {megabytes} MiB")
        return f"+{max(grown, 0) / 2**20:.1f} MiB"

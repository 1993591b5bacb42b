"""The good client: a process of its own that asks at an even pace, whatever happens to the others.

    python3 good.py HOST PORT PATH REQUESTS_A_SECOND

It asks until its input ends, then prints one line of JSON: how many it asked, what failed, the times in milliseconds.
"""

import json
import os
import subprocess
import sys
import threading
import time

from wire import Failure, Wire, expect, request


def ask_until(over, address, path, pace):
    data, times, failed, wire = request("GET", path), [], [], None
    turn = time.perf_counter()
    while not over.is_set():
        turn += 1 / pace
        pause = turn - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        began = time.perf_counter()
        try:
            wire = wire or Wire(address, timeout=5)
            wire.send(data)
            answer = wire.answer()
            if answer is None or answer.status != 200:
                failed.append(repr(answer))
            if answer is None or answer.closes():
                wire.close()
                wire = None
        except (Failure, OSError) as failure:
            failed.append(str(failure)[:200])
            wire = None
        times.append((time.perf_counter() - began) * 1000)
        # One who was held up does not make up for it with a burst.
        turn = max(turn, time.perf_counter() - 1 / pace)
    return times, failed


def main():
    host, port, path, pace = sys.argv[1:]
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    times, failed = ask_until(over, (host, int(port)), path, float(pace))
    times.sort()
    at = lambda part: round(times[int(len(times) * part)], 2) if times else 0
    print(
        json.dumps({"asked": len(times), "failed": failed[:5], "p50": at(0.5), "p99": at(0.99), "worst": at(0.9999)})
    )


class Good:
    """Starts one with `with`, and judges it by how it fared."""

    def __init__(self, address, path="/", pace=200):
        here = os.path.abspath(__file__)
        self.process = subprocess.Popen(
            [sys.executable, here, address[0], str(address[1]), path, str(pace)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=os.path.dirname(here),
        )
        self.fared = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """How it fared up to now, once."""
        if self.fared is None:
            said, _ = self.process.communicate(timeout=15)
            self.fared = json.loads(said)
        return self.fared

    def fared_well(self, p99):
        """No failure, and all but one of a hundred within so many milliseconds."""
        fared = self.stop()
        expect(fared["asked"] > 0 and not fared["failed"], f"the good client failed: {fared}")
        expect(fared["p99"] <= p99, f"the good client waited: {fared}, expected a p99 of {p99} ms at most")
        return f"good p99 {fared['p99']} ms of {fared['asked']}"


def quiet(address, path="/"):
    """The p99 of a good client that is alone, in milliseconds."""
    with Good(address, path) as good:
        time.sleep(1)
        return good.stop()["p99"]


if __name__ == "__main__":
    main()

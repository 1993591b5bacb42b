#!/usr/bin/env python3
"""Plays what hostile, broken and unlucky peers do against the built programs, a line for each case.

python3 tests/faults/run.py [--short | --full] [--echo PATH] [--app PATH] [--files PATH] [--transfers PATH]
                               [--target PATH] [--caller PATH] [ID…]
"""

import argparse
import importlib
import os
import sys
import threading
import time
import traceback

import server
from stage import CASES, Skipped, Stage, Troupe
from wire import Failure

SUBJECTS = [
    "framing",
    "heads",
    "limits",
    "deadlines",
    "crowds",
    "endings",
    "load",
    "text",
    "semantics",
    "lifecycle",
    "neighbours",
    "files",
    "uploads",
    "client",
    "ways",
    "tls",
    "journeys",
]


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_true", help="smaller numbers, within 150 s (the default)")
    size.add_argument("--full", action="store_true", help="the numbers of the table, within 20 minutes")
    for name in server.PROGRAMS:
        parser.add_argument(f"--{name}", metavar="PATH", help="a built program, instead of building it")
    parser.add_argument("--list", action="store_true", help="name the cases and play none")
    parser.add_argument("ids", nargs="*", metavar="ID", help="the cases to play, if not all")
    return parser.parse_args()


def play(case, troupe):
    """Plays one case, says how it went, and gives the word for it."""
    began = time.monotonic()
    try:
        with Stage(troupe) as stage:
            said = case.play(stage)
        word = "ok"
    except Skipped as reason:
        word, said = ("FAILED" if os.environ.get("CI") == "true" else "skipped"), f"not played: {reason}"
    except Failure as failure:
        word, said = "FAILED", failure
    except Exception:
        word, said = "FAILED", "\n" + traceback.format_exc()
    print(f"{word} {case.id} {case.name} · {said} · {time.monotonic() - began:.2f} s", flush=True)
    return word


def play_all(cases, troupe):
    """Those that wait, side by side; behind their waiting the rest, one by one; last those that want silence."""
    words = []
    threads = [
        threading.Thread(target=lambda case=case: words.append(play(case, troupe))) for case in cases if case.waits
    ]
    for thread in threads:
        thread.start()
    for case in cases:
        if not case.waits and not case.alone:
            words.append(play(case, troupe))
    for thread in threads:
        thread.join()
    for case in cases:
        if case.alone:
            words.append(play(case, troupe))
    return words


def main():
    asked = options()
    for subject in SUBJECTS:
        importlib.import_module(subject)
    known = {case.id for case in CASES}
    unknown = [id for id in asked.ids if id not in known]
    if unknown:
        sys.exit(f"no case is called {', '.join(unknown)}; `--list` names them all")
    cases = [case for case in CASES if (case.id in asked.ids if asked.ids else asked.full or not case.full_only)]
    if asked.list:
        print("\n".join(f"{case.id} {case.name}" for case in CASES))
        return
    server.raise_files()
    began = time.monotonic()
    paths = {name: getattr(asked, name) for name in server.PROGRAMS if getattr(asked, name)}
    troupe = Troupe(server.build(paths), asked.full)
    if troupe.slack > 1:
        print(f"times of the good client may be {troupe.slack} times the table's: the short form, or a busy machine")
    try:
        words = play_all(cases, troupe)
    finally:
        troupe.end()
    counts = ", ".join(f"{words.count(word)} {word}" for word in ("ok", "skipped", "FAILED") if word in words)
    print(f"{len(words)} cases: {counts} · {time.monotonic() - began:.0f} s")
    sys.exit(1 if "FAILED" in words else 0)


if __name__ == "__main__":
    main()

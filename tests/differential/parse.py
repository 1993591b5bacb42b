"""Our parser beside llhttp and h11: the same mutated messages to each, and every disagreement explained.

    parse.py JUDGE [MESSAGES]

JUDGE is the built program `judge`. A disagreement that `known.toml` does not explain fails, with the message that shows
it; so does, in a full run of a million, an explanation that nothing needs.
"""

import collections
import pathlib
import random
import re
import sys
import tomllib

from cases import cases
from mutate import mutated
from parsers import H11, Llhttp, Ours

KNOWN = pathlib.Path(__file__).with_name("known.toml")
FULL = 1_000_000
SEED = 20_140_607


def main():
    judge, count = sys.argv[1], int((sys.argv[2:] or [FULL])[0])
    known = {entry["class"]: entry["why"] for entry in tomllib.loads(KNOWN.read_text())["known"]}
    seen, examples = collections.Counter(), {}
    for kind, stream, peer, found in disagreements(judge, count):
        name = f"{kind} {peer}: {found}"
        seen[name] += 1
        if len(stream) < len(examples.get(name, stream + b"x")):
            examples[name] = stream
    for name, times in sorted(seen.items(), key=lambda item: -item[1]):
        mark = " " if name in known else "?"
        print(f"{mark} {times:8} {name}\n           {examples[name]!r}"[:400])
    unknown = [name for name in seen if name not in known]
    unused = [name for name in known if name not in seen] if count >= FULL else []
    print(f"{count} messages, {seen.total()} disagreements of {len(seen)} classes, {len(unknown)} of them unexplained")
    for name in unused:
        print(f"nothing needs the explanation of `{name}`; take it out of known.toml")
    sys.exit(bool(unknown or unused))


def disagreements(judge, count):
    source = random.Random(SEED)
    corpora = {kind: corpus(folder) for kind, folder in (("requests", "requests"), ("responses", "responses"))}
    ours, peers = Ours(judge), {"llhttp": Llhttp(), "h11": H11()}
    for place in range(count):
        kind = "requests" if place % 2 == 0 else "responses"
        stream = mutated(source, corpora[kind])
        letter = b"Q" if kind == "requests" else b"S"
        own = ours.verdict(letter, stream)
        for name, peer in peers.items():
            found = difference(own, peer.verdict(letter, stream))
            if found:
                yield kind, stream, name, found


def corpus(folder):
    parts = [block for _, blocks in cases(folder) for block in blocks]
    return [part for part in parts if len(part) < 1000]


def difference(ours, theirs):
    """The first thing on which two verdicts differ, in a few words; nothing if they agree.

    Whoever refuses a message and whoever waits for more of it agree: neither takes it. Answers that nobody asked for
    are not compared: only our client knows what was asked.
    """
    own_messages, other_messages = ours["messages"], theirs["messages"]
    for own, other in zip(own_messages, other_messages):
        if own["line"] != [*other["line"][:2], "0" if other["line"][2] == "0" else "1"]:
            return "both take the head, the line differs"
        if fields(own) != fields(other):
            return "both take the head, the fields differ"
        if theirs["end"] == "switched" and other is other_messages[-1]:
            return None
        if bool(own.get("whole")) != bool(other.get("whole")):
            return taken(own.get("whole"), ours, theirs, "the body" + kind_of(own))
        for part in ("body", "trailers"):
            if own.get("whole") and own.get(part) != other.get(part):
                return f"both take it, the {part} differ" + kind_of(own)
    count, other_count = len(own_messages), len(other_messages)
    if count > other_count:
        return taken(True, ours, theirs, "the head" + kind_of(own_messages[other_count]))
    if count < other_count and ours.get("why") != "Surplus":
        return taken(False, ours, theirs, "the head")
    return None


def kind_of(message):
    """Answers that have no body whatever their fields say are a kind of their own."""
    status = message["line"][0]
    return " of a bodiless answer" if re.fullmatch(r"1\d\d|204|304", status) else ""


def taken(by_us, ours, theirs, what):
    if by_us:
        why = {"more": "waits", "closed": "has closed"}.get(theirs["end"])
        return f"we take {what}, it {why or 'refuses: ' + theirs['why']}"
    why = {"more": "wait", "closed": "have closed", "switched": "have switched"}.get(ours["end"])
    return f"we {why or 'refuse ' + ours['why']}, it takes {what}"


def fields(message):
    """The fields but Host, which an absolute target replaces, and those of framing, which h11 writes anew."""
    own = ("content-length", "host", "transfer-encoding")
    return [pair for pair in message["fields"] if pair[0].lower() not in own]


if __name__ == "__main__":
    main()

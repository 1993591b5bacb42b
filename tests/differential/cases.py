"""Reads the cases of tests/h1: the headings, and the bytes that come."""

import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "h1"
ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}


def cases(folder):
    """Pairs of a heading and the blocks of bytes below it, of all documents of a folder."""
    for document in sorted((FOLDER / folder).glob("*.md")):
        for case in document.read_text("utf-8").split("\n## ")[1:]:
            heading = case.split("\n", 1)[0]
            blocks = re.findall(r"```http\n(.*?)```", case, re.DOTALL)
            yield heading, [decoded(block.replace("\n", "")) for block in blocks]


def decoded(text):
    """The bytes that a block stands for; the notation is told in tests/h1/README.md."""
    out = bytearray()
    while text:
        if text[0] != "\\":
            out += text[0].encode()
            text = text[1:]
        elif text[1] == "x":
            out.append(int(text[2:4], 16))
            text = text[4:]
        elif text[1] == "{":
            piece, times = text[2 : text.index("}")].rsplit("*", 1)
            out += decoded(piece) * int(times)
            text = text[text.index("}") + 1 :]
        else:
            out += ESCAPES[text[1]]
            text = text[2:]
    return bytes(out)

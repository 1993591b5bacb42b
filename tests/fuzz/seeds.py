"""Writes the cases of tests/h1 and tests/files as corpora: `seeds.py FOLDER` makes a folder in it for each target."""

import hashlib
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "differential"))

from cases import cases  # noqa: E402

LONG = 600


def main(folder):
    for side, documents in (("server", "requests"), ("client", "responses")):
        for _, blocks in cases(documents):
            for block in blocks:
                if len(block) <= LONG:
                    # The first byte of what these targets read chooses limits and what our side says.
                    write(folder / side, b"\0" + block)
                    write(folder / "head", block)
                    _, _, body = block.partition(b"\r\n\r\n")
                    write(folder / "chunked", body)
    for line in asked():
        if line.startswith("GET /"):
            write(folder / "paths", line[4:].encode())
        name, _, value = line.partition(": ")
        if name in ("Range", "If-Match", "If-None-Match"):
            # The first byte is a length, squared.
            write(folder / "ranges", b"\x0a" + value.encode())


def asked():
    """Each line of the requests of tests/files."""
    for document in (pathlib.Path(__file__).resolve().parent.parent / "files").glob("*.md"):
        for block in document.read_text().split("```request\n")[1:]:
            yield from block.split("\n```")[0].splitlines()


def write(folder, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

"""Writes the cases of tests/h1 as corpora: `seeds.py FOLDER` makes a folder in it for each target that reads HTTP."""

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


def write(folder, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

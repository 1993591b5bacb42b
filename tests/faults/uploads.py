"""T85: uploads to a disk that is full."""

import os
import subprocess
import tempfile

from stage import case
from wire import ask, expect, request

# Becomes the program, in a world of its own in which the folder is a disk of 8 MiB.
SMALL_DISK = """#!/bin/sh
exec unshare --map-root-user --mount sh -c '
    mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"
' {folder} {program} "$@" --folder {folder}
"""

MEBIBYTE = bytes(2**20)


def put(address, number, content):
    return ask(address, request("PUT", f"/uploads/{number}", body=content)).status


@case("T85", "disk full")
def disk_full(stage):
    if subprocess.run(["unshare", "--map-root-user", "--mount", "true"], capture_output=True).returncode != 0:
        return "SKIPPED: no disk of its own can be made here"
    folder = stage.enter_context(tempfile.TemporaryDirectory())
    script = os.path.join(stage.enter_context(tempfile.TemporaryDirectory()), "transfers")
    with open(script, "w") as file:
        file.write(SMALL_DISK.format(folder=folder, program=stage.path("transfers")))
    os.chmod(script, 0o700)
    server = stage.start_at(script)
    seen = f"/proc/{server.pid}/root{folder}"
    statuses = [put(server.address, number, MEBIBYTE) for number in range(100)]
    kept = statuses.index(507)
    expect(7 <= kept <= 8, f"{kept} of 8 MiB were kept")
    expect(statuses == [204] * kept + [507] * (100 - kept), f"came {statuses}")
    expect(sorted(os.listdir(seen)) == sorted(map(str, range(kept))), f"there is {os.listdir(seen)}")
    for number in range(kept):
        answer = ask(server.address, request("GET", f"/kept/{number}"))
        expect((answer.status, answer.body) == (200, MEBIBYTE), f"{number}: came {answer}")
    os.remove(f"{seen}/0")
    expect(put(server.address, 99, MEBIBYTE) == 204, "with room again, nothing is kept")
    return f"{kept} kept whole, {100 - kept} answered 507, nothing half"

"""What the servers here share: their flags, and serving until Ctrl-C."""

import argparse
from http.server import ThreadingHTTPServer


def flags(**own):
    """The command line of a program that knows --bind, --port and these, each with its default."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    for name, default in own.items():
        parser.add_argument(f"--{name}", default=default)
    return parser.parse_args()


def serve(handler, flags):
    """Serves there, and says where that is once it listens."""
    with ThreadingHTTPServer((flags.bind, flags.port), handler) as server:
        print(f"listening on http://{flags.bind}:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass

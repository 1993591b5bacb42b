"""A server of one class: python3 simple_server.py --port 8000"""

from http.server import BaseHTTPRequestHandler

import serving


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.partition("?")[0]
        content = f"Hello from {path}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


serving.serve(Hello, serving.flags())

"""An endpoint that answers JSON: python3 json_endpoint.py, then curl localhost:8080/api/users"""

import json
from http.server import BaseHTTPRequestHandler

import serving

USERS = [{"id": 1, "name": "Alice"}, {"id": 2, "name": "Bob"}]


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.partition("?")[0] != "/api/users":
            self.send_error(404)
            return
        content = json.dumps(USERS, separators=(",", ":")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


serving.serve(Api, serving.flags())

"""Fields, a name and a password: python3 basic_auth.py http://127.0.0.1:8080/ ada secret"""

import sys
from base64 import b64encode
from http.client import HTTPConnection
from urllib.parse import urlsplit

url, user, password = sys.argv[1:]
parts = urlsplit(url)
credentials = b64encode(f"{user}:{password}".encode()).decode()
connection = HTTPConnection(parts.netloc)
connection.request("GET", parts.path or "/", headers={
    "Accept": "text/plain",
    "X-Request-Id": "7",
    "Authorization": f"Basic {credentials}",
})
answer = connection.getresponse()
print(answer.status, answer.reason)
print(answer.read().decode(), end="")

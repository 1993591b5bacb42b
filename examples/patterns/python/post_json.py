"""Posts JSON, and reads JSON: python3 post_json.py http://127.0.0.1:8080/api/users"""

import json
import sys
from urllib.request import Request, urlopen

[url] = sys.argv[1:]
new = {"name": "Ada", "email": "ada@example.com"}
request = Request(
    url,
    data=json.dumps(new).encode(),
    headers={"Content-Type": "application/json"},
)
with urlopen(request) as answer:
    user = json.load(answer)
print(f"{user['name']} is number {user['id']}")

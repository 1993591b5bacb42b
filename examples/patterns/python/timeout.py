"""A call that is given up in time: python3 timeout.py http://127.0.0.1:8080/ 0.5"""

import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

url, seconds = sys.argv[1:]
parts = urlsplit(url)
connection = HTTPConnection(parts.netloc, timeout=float(seconds))
try:
    connection.request("GET", parts.path or "/")
    answer = connection.getresponse()
    print(answer.status, answer.reason)
except TimeoutError:
    print(f"no answer within {seconds} s")

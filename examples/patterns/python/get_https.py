"""Gets a page over HTTPS: python3 get_https.py https://example.com/ [CA-FILE]"""

import ssl
import sys
from urllib.request import urlopen

url, *ca = sys.argv[1:]
context = ssl.create_default_context(cafile=ca[0] if ca else None)
with urlopen(url, context=context) as answer:
    print(answer.status, answer.reason, answer.headers["Content-Type"])
    print(answer.read().decode(), end="")

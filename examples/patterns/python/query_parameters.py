"""A URL with parameters: python3 query_parameters.py http://127.0.0.1:8080/search"""

import sys
from urllib.parse import urlencode
from urllib.request import urlopen

[url] = sys.argv[1:]
search = {"q": "tea & crêpes", "page": 2, "tag": ["hot", "new"]}
url = f"{url}?{urlencode(search, doseq=True)}"
print(url)
with urlopen(url) as answer:
    print(answer.read().decode(), end="")

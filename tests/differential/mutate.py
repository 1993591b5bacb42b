"""Good messages made bad: the same ones for the same seed."""

BYTES = b"\r\n\t \0:;,=\"0a/\x7f\x80-+x5fF#%[]@\x0b"
TOKENS = [
    b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\r\n ", b"\r\n\t", b" ", b"\t", b"\x0b",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"POST / HTTP/1.1\r\n", b"OPTIONS *", b"HEAD /", b"CONNECT b:443",
    b"Host: a\r\n", b"Host: b\r\n", b"Content-Length: 5\r\n", b"Content-Length: 2\r\n", b"Content-Length: 0\r\n",
    b"Content-Length: 5, 5\r\n", b"Content-Length:\r\n", b"Content-Length: +5\r\n", b"Content-Length : 5\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"Transfer-Encoding: identity\r\n",
    b"Transfer-Encoding:\x0bchunked\r\n", b"Transfer-Encoding : chunked\r\n", b"Transfer-Encoding: chunked, chunked\r\n",
    b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Expect: 100-continue\r\n", b"TE: trailers\r\n",
    b"X: y\r\n", b"X:\r\n", b"X : y\r\n", b": y\r\n", b"X\r\n", b"X: \xe9\r\n", b" y\r\n",
    b"HTTP/1.0", b"HTTP/1.1", b"HTTP/1.2", b"HTTP/2.0", b"http/1.1", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 204 No\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 304 \r\n", b" 200", b" 099", b"http://b:80/c", b"//b", b"/a b", b"/#",
    b"0\r\n\r\n", b"5\r\nhello\r\n", b"0\r\nX: y\r\n\r\n", b"5;a=b\r\n", b"5;a=\"b\"\r\n", b"5 \r\n", b"0x5\r\n",
    b"ffffffffffffffff\r\n", b"10000000000000005\r\n", b"18446744073709551616", b"-1", b"chunked", b"close",
]


def mutated(random, corpus):
    """A message of the corpus with one to three changes."""
    message = bytearray(random.choice(corpus))
    for _ in range(random.randint(1, 3)):
        random.choice(CHANGES)(random, message, corpus)
    return bytes(message[:4000])


def place(random, message):
    return random.randint(0, len(message))


def remove(random, message, _):
    at = place(random, message)
    del message[at : at + random.choice([1, 1, 1, 2, 4])]


def insert(random, message, _):
    message.insert(place(random, message), random.choice(BYTES))


def replace(random, message, _):
    if message:
        message[random.randrange(len(message))] = random.choice(BYTES + bytes([random.randrange(256)]))


def put_token(random, message, _):
    at = place(random, message)
    message[at:at] = random.choice(TOKENS)


def put_token_at_a_line(random, message, _):
    starts = [at + 2 for at in range(len(message) - 1) if message[at : at + 2] == b"\r\n"] or [0]
    at = random.choice(starts)
    message[at:at] = random.choice(TOKENS)


def repeat(random, message, _):
    start, end = sorted((place(random, message), place(random, message)))
    message[start:start] = message[start:end][:200]


def turn_case(random, message, _):
    if message:
        at = random.randrange(len(message))
        message[at : at + 6] = bytes(message[at : at + 6]).swapcase()


def cross(random, message, corpus):
    other = random.choice(corpus)
    message[place(random, message) :] = other[random.randint(0, len(other)) :]


def append(random, message, corpus):
    message += random.choice(corpus)


CHANGES = [remove, insert, replace, replace, put_token, put_token_at_a_line, put_token_at_a_line, repeat, turn_case,
           cross, append]

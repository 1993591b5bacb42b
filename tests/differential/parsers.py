"""Three parsers, one answer: what each makes of a stream of messages.

A verdict is `{"messages": [...], "end": ...}`. A message has `line`, `fields`, and, if `whole`, `body` and `trailers`.
The end is `more` (it wants more bytes), `refused` (with `why`), `closed` (nothing behind the last message counts) or
`switched` (what follows the last head is no HTTP).
"""

import json
import re
import struct
import subprocess

import h11
import httptools


class Ours:
    """The program `tests/examples/judge.rs`."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def verdict(self, kind, stream):
        self.process.stdin.write(kind + struct.pack(">I", len(stream)) + stream)
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def text(data):
    return data.decode("latin-1")


class Llhttp:
    """llhttp, the parser of Node, as httptools binds it."""

    def verdict(self, kind, stream):
        listener = Listener()
        request = kind == b"Q"
        make = httptools.HttpRequestParser if request else httptools.HttpResponseParser
        parser = listener.parser = make(listener)
        end, why = "more", ""
        try:
            parser.feed_data(stream)
        except httptools.HttpParserUpgrade:
            end = "switched"
        except httptools.HttpParserError as error:
            why = re.sub(r"^\w+: |(?<=extensions) [\w ]+$", "", str(error))
            end = "closed" if "after `Connection: close`" in why else "refused"
        return {"messages": listener.messages, "end": end, "why": why}


class Listener:
    """Takes down what httptools tells."""

    def __init__(self):
        self.messages = []
        self.begin()

    def begin(self):
        self.url, self.status, self.fields, self.body = b"", None, [], []

    def on_message_begin(self):
        self.begin()
        self.told = False

    def on_url(self, url):
        self.url += url

    def on_header(self, name, value):
        self.fields.append([text(name), text(value.strip(b" \t"))])

    def on_headers_complete(self):
        version = self.parser.get_http_version()
        if hasattr(self.parser, "get_method"):
            line = [text(self.parser.get_method()), text(self.url), version[-1]]
        else:
            line = [str(self.parser.get_status_code()), "", version[-1]]
        self.messages.append({"line": line, "fields": self.fields})
        self.fields = []

    def on_body(self, body):
        self.body.append(body)

    def on_message_complete(self):
        body = text(b"".join(self.body))
        self.messages[-1].update(body=body, trailers=self.fields, whole=True)


class H11:
    """h11, which keeps to the letter of the RFC and forgives a little."""

    def verdict(self, kind, stream):
        server = kind == b"Q"
        self.messages = []
        conn = h11.Connection(h11.SERVER if server else h11.CLIENT, max_incomplete_event_size=1 << 20)
        if not server:
            conn.send(h11.Request(method="GET", target="/", headers=[("host", "a")]))
            conn.send(h11.EndOfMessage())
        conn.receive_data(stream)
        try:
            return {"messages": self.messages, "end": self.read(conn, server)}
        except h11.RemoteProtocolError as error:
            why = re.sub(r"[bB]?['\"].*['\"]|\d+", "_", str(error))
            return {"messages": self.messages, "end": "refused", "why": why}

    def read(self, conn, server):
        body = b""
        while True:
            event = conn.next_event()
            if event is h11.NEED_DATA:
                return "more"
            if event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                return "closed"
            if isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                fields = [[text(name), text(value)] for name, value in event.headers.raw_items()]
                self.messages[-1].update(body=text(body), trailers=fields, whole=True)
                body = b""
                if not server or not self.answer(conn):
                    return "closed"
            else:
                self.head(event)

    def head(self, event):
        if isinstance(event, h11.Request):
            line = [text(event.method), text(event.target), text(event.http_version)[-1]]
        else:
            line = [str(event.status_code), "", text(event.http_version)[-1]]
        fields = [[text(name), text(value)] for name, value in event.headers.raw_items()]
        interim = isinstance(event, h11.InformationalResponse)
        self.messages.append({"line": line, "fields": fields, "whole": interim, "body": "", "trailers": []})

    def answer(self, conn):
        conn.send(h11.Response(status_code=404, headers=[("content-length", "0")]))
        conn.send(h11.EndOfMessage())
        if conn.our_state is not h11.DONE or conn.their_state is not h11.DONE:
            return False
        conn.start_next_cycle()
        return True

#!/usr/bin/env python3
"""Python's `http.client`: the same calls, the same line at the end. One at a time; it says so if asked for more."""

import argparse
import http.client
import json
import sys
import time
from urllib.parse import urlsplit


def main():
    flags = read_flags()
    server = urlsplit(flags.url)
    connection = http.client.HTTPConnection(server.hostname, server.port)
    for _ in range(flags.warmup):
        call(connection)
    took, began, cpu = [], time.perf_counter(), time.process_time()
    for _ in range(flags.calls):
        since = time.perf_counter()
        call(connection)
        took.append(time.perf_counter() - since)
    report(took, time.perf_counter() - began, time.process_time() - cpu)


def read_flags():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--warmup", type=int, default=0)
    flags = parser.parse_args()
    if flags.concurrency != 1:
        sys.exit("http.client blocks its thread: it makes one call at a time")
    return flags


def call(connection):
    connection.request("GET", "/json")
    answer = connection.getresponse()
    greeting = json.loads(answer.read())
    if answer.status != 200 or greeting["message"] != "Hello, World!":
        sys.exit(f"the answer is {answer.status}: {greeting}")


def report(took, seconds, cpu_seconds):
    took.sort()

    def quantile(part):
        return took[max(0, -int(-len(took) * part // 1) - 1)] * 1e6

    print(json.dumps({
        "calls": len(took),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "p50_us": quantile(0.5),
        "p99_us": quantile(0.99),
        "p999_us": quantile(0.999),
    }))


if __name__ == "__main__":
    main()

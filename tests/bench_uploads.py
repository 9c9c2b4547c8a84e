"""Do pages stay quick while the worst pictures are opened? Against a demonstration that ``make run`` serves:

    python -m tests.bench_uploads http://127.0.0.1:8000 PICTURE...

Four people send the pictures over and over while somebody reads a thread: rounds with and without them take turns. No
part of the suite. Ends with 1 if a page takes more than a second, or the answer to a picture is a server’s error.
"""

from __future__ import annotations

import http.cookiejar
import re
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

PASSWORD = "lantern maple river 27"
ROUNDS, PAGES, SENDERS = 3, 40, 4
LONGEST = 1.0
SERVER_ERRORS = {500, 502, 504}


class Person:
    """A patient of the demonstration with a browser of their own."""

    def __init__(self, site: str) -> None:
        self.site = site
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.open = urllib.request.build_opener(cookies).open
        page = self.open(f"{site}/accounts/login/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        said = {"login": "patient@demo.candor.invalid", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        self.open(f"{site}/accounts/login/", urllib.parse.urlencode(said).encode())
        self.token = self.open(f"{site}/me/photos/").read().decode().strip()

    def send(self, content: bytes) -> int:
        """The status of the answer."""
        mark = uuid.uuid4().hex
        parts = "".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("csrfmiddlewaretoken", self.token), ("name", "photos"))
        )
        head = 'Content-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = b"".join(
            [parts.encode(), f"--{mark}\r\n{head}".encode(), content, f"\r\n--{mark}--\r\n".encode()]
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        try:
            return int(self.open(urllib.request.Request(f"{self.site}/me/photos/", body, kind)).status)
        except urllib.error.HTTPError as error:
            return error.code


@contextmanager
def sending(people: list[Person], pictures: list[bytes], answers: Counter[int]) -> Iterator[None]:
    stop = threading.Event()

    def go_on(person: Person) -> None:
        while not stop.is_set():
            for content in pictures:
                answers[person.send(content)] += 1

    threads = [threading.Thread(target=go_on, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def read(site: str, path: str) -> list[float]:
    times = []
    for number in range(PAGES):
        began = time.monotonic()
        urllib.request.urlopen(f"{site}{path}?{number}").read()
        times.append(time.monotonic() - began)
    return times


def _line(name: str, times: list[float]) -> str:
    p95 = quantiles(times, n=20)[-1]
    middle, slowest = median(times) * 1000, max(times) * 1000
    return f"{name}: median {middle:.0f} ms, 95th {p95 * 1000:.0f}, slowest {slowest:.0f}"


def main(site: str, *files: str) -> int:
    pictures = [Path(file).read_bytes() for file in files]
    home = urllib.request.urlopen(site).read().decode()
    path = next(iter(re.findall(r'href="(/questions/\d+/[^"#?]+/)"', home)))
    people, answers = [Person(site) for _ in range(SENDERS)], Counter[int]()
    alone: list[float] = []
    beside: list[float] = []
    for _ in range(ROUNDS):
        alone += read(site, path)
        with sending(people, pictures, answers):
            time.sleep(1)
            beside += read(site, path)
    said = [_line("alone", alone), _line("beside pictures", beside)]
    said.append(f"answers to {sum(answers.values())} pictures: {dict(answers)}")
    sys.stdout.write("\n".join(said) + "\n")
    return int(max(beside) > LONGEST or bool(answers.keys() & SERVER_ERRORS))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

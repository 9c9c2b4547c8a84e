"""Do the hashes find what was altered, and does the index find it among a million? Slow, and no part of the suite.

    python -m pytest -n 0 -s tests/bench_likeness.py

The first half reads the pictures of a folder (``PICTURES=…``), the second fills the database. docs/images.md quotes both.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from PIL import Image, ImageEnhance, ImageOps

from core.images import alike
from core.images.accepting import accept
from core.images.alike import look_alikes
from core.images.likeness import ALIKE, Views, distance, views
from core.images.refusals import Refused

PICTURES = Path(os.environ.get("PICTURES", "../shared/data/images"))
SMALLEST, DISTANCES = 100, (4, 6, 8, 10, 12, 14)
PHOTOS, TIMES, BUDGET_MS = 1_000_000, 40, 50
# Several files of one scene: what looks alike among these is no false match.
SCENES = (
    ("hopper", "2a5b52", "1b6dfa", "frame_size"),
    ("andscape_",),
    ("sugarshack",),
    ("-fox.",),
    ("rot0", "rot1", "rot2", "rot3", "438dc6", "eb58fc"),
    ("29d511", "01b607", "cd17a4"),
    ("e33433", "da82a3"),
)


def cut(left: float, top: float, right: float, bottom: float) -> Callable[[Image.Image], Image.Image]:
    def one(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        return picture.crop(
            (
                round(width * left),
                round(height * top),
                round(width * (1 - right)),
                round(height * (1 - bottom)),
            )
        )

    return one


def smaller(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2))


def brighter(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(1.25)


ALTERED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "re-encoded, quality 50": lambda picture: Image.open(BytesIO(jpeg(picture, 50))),
    "half the size": smaller,
    "mirrored": ImageOps.mirror,
    "a quarter brighter": brighter,
    "cropped, 5 % of each edge": cut(0.05, 0.05, 0.05, 0.05),
    "cropped, 10 % of each edge": cut(0.1, 0.1, 0.1, 0.1),
    "cropped, 10 % of the left": cut(0.1, 0, 0, 0),
    "cropped, 10 % of the top": cut(0, 0.1, 0, 0),
    "mirrored and cropped 5 %": lambda picture: ImageOps.mirror(cut(0.05, 0.05, 0.05, 0.05)(picture)),
    "cropped 5 %, half, brighter": lambda picture: brighter(smaller(cut(0.05, 0.05, 0.05, 0.05)(picture))),
}


def say(line: str) -> None:
    print(line)  # noqa: T201


def jpeg(picture: Image.Image, quality: int = 92) -> bytes:
    drawn = BytesIO()
    picture.save(drawn, "JPEG", quality=quality)
    return drawn.getvalue()


def accepted() -> dict[str, Image.Image]:
    found: dict[str, Image.Image] = {}
    for path in sorted(PICTURES.iterdir()):
        try:
            picture = Image.open(BytesIO(accept(BytesIO(path.read_bytes())).content))
        except Refused:
            continue
        picture.thumbnail((1024, 1024))
        if min(picture.size) >= SMALLEST:
            found[path.name] = picture
    return found


def apart(asked: Views | None, kept: Views | None) -> int:
    """As the index compares them: all views of the one with the two that are kept of the other."""
    if not (asked and kept):
        return 64
    return min(distance(one, other) for one in asked for other in (kept.upright, kept.centre))


def scene(name: str) -> str:
    return next((parts[0] for parts in SCENES if any(part in name for part in parts)), name)


def test_what_was_altered_is_found() -> None:
    pictures = accepted()
    kept = {name: views(jpeg(picture)) for name, picture in pictures.items()}
    told = [name for name, seen in kept.items() if seen]
    say(
        f"\n{len(pictures)} pictures of at least {SMALLEST} pixels, {len(pictures) - len(told)} of one colour"
    )
    say(f"| altered | {' | '.join(f'≤ {limit}' for limit in DISTANCES)} |")
    for what, alter in ALTERED.items():
        found = [apart(views(jpeg(alter(pictures[name]))), kept[name]) for name in told]
        shares = [sum(bits <= limit for bits in found) / len(found) for limit in DISTANCES]
        say(f"| {what} | {' | '.join(f'{share:.0%}' for share in shares)} |")
    pairs = [
        (apart(kept[one], kept[other]), one, other)
        for one, other in combinations(told, 2)
        if scene(one) != scene(other)
    ]
    counts = [str(sum(bits <= limit for bits, *_ in pairs)) for limit in DISTANCES]
    say(f"| of {len(pairs)} pairs that are not alike | {' | '.join(counts)} |")
    say(f"nearest of them: {sorted(pairs)[:4]}")


RANDOM = "((random() * 4294967295)::bigint << 32 # (random() * 4294967295)::bigint)"
SCENE = "(SELECT hash FROM scenes WHERE number = (photo / 2) %% 1000)"
FILL = (
    f"CREATE TEMP TABLE scenes AS SELECT number, {RANDOM} AS hash FROM generate_series(0, 999) AS number",
    "CREATE INDEX ON scenes (number)",
    "INSERT INTO core_likeness (object_type, object_id, hash) SELECT 'bench', photo, CASE WHEN photo %% 2 = 0"
    f" THEN {RANDOM} ELSE {SCENE} # ({RANDOM} & {RANDOM}) END FROM generate_series(1, %s) AS photo",
    "INSERT INTO core_likeness (object_type, object_id, hash)"
    f" SELECT object_type, object_id, hash # ({RANDOM} & {RANDOM} & {RANDOM}) FROM core_likeness WHERE id <= %s",
    "VACUUM ANALYZE core_likeness",
)


def fill() -> None:
    """Two hashes of each photo. Half of the photos lie about a thousand scenes, as photos of one kind do."""
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, [PHOTOS] if "%s" in statement else [])


def seen(hash_: int) -> Views:
    chance = Random(hash_)
    return Views(hash_, chance.getrandbits(64), hash_ ^ (1 << chance.randrange(64)))


@pytest.mark.django_db(transaction=True)
def test_a_million_photos() -> None:
    fill()
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash, object_id FROM core_likeness WHERE id %% 50021 = 7 LIMIT %s", [TIMES])
        asked = [(value % (1 << 64), number) for value, number in cursor.fetchall()]
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('core_likeness'))")
        say(f"\n{PHOTOS:,} photos, {2 * PHOTOS:,} hashes, {cursor.fetchone()[0]} with indexes")
    taken, found = [], []
    for value, number in asked:
        altered = value
        for bit in Random(value).sample(range(64), ALIKE):
            altered ^= 1 << bit
        started = time.perf_counter()
        rows = look_alikes(seen(altered))
        taken.append((time.perf_counter() - started) * 1000)
        found.append(len(rows))
        assert number in {row.object_id for row in rows}
    say(
        f"median {statistics.median(taken):.1f} ms, slowest {max(taken):.1f} ms,"
        f" photos found {statistics.mean(found):.1f} on average, {max(found)} at most"
    )
    sql, parameters = alike.query(seen(asked[0][0]), ("", 0))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", parameters)
        say("\n".join(row[0][:150] for row in cursor.fetchall()))
    assert statistics.median(taken) < BUDGET_MS

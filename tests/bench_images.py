"""What becomes of each file of a folder: taken or refused, how long, how much memory, and is anything left in it?

    python -m tests.bench_images ../shared/data/images

No part of the suite. Ends with 1 if a file takes more than two seconds of work or 200 MB, if something else than
``Refused`` comes out, if metadata is left (by exiftool, where it is installed), or if a picture does not look as an
ordinary viewer shows it. docs/images.md quotes the counts.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pi_heif
from PIL import Image, ImageChops, ImageOps, ImageStat

from core.images import accepting
from core.images.accepting import Picture, accept
from core.images.bare import size_of
from core.images.refusals import Refused

SECONDS, MEGABYTES = 2, 200
# Mean difference of brightness, of 255, from what a viewer shows that knows no colour profile.
LOOK = 6
EXIFTOOL = shutil.which("exiftool")
# What it says of any JPEG: of the file, of its header, of itself, and what it works out from these.
STRUCTURE = {"SourceFile", "ExifTool", "File", "JFIF", "Composite"}


class Line(NamedTuple):
    """What is printed of one file."""

    name: str
    verdict: str
    wall: float
    cpu: float
    memory: float
    wrong: list[str]


def measured(content: bytes) -> tuple[float, float]:
    """Seconds of work and megabytes of the decoder over it."""
    process = accepting.start()
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(content)
        process.stdin.close()
    except BrokenPipeError:
        pass
    process.stdout.read()
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    process.stdout.close()
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def left_over(picture: Picture) -> list[str]:
    """Whatever is said in it beside the picture."""
    size_of(picture.content)
    with Image.open(BytesIO(picture.content)) as opened:
        found = [name for name in opened.info if not name.startswith("jfif")]
    if EXIFTOOL:
        told = subprocess.run(
            [EXIFTOOL, "-j", "-G", "-a", "-u", "-"], input=picture.content, capture_output=True, check=True
        )
        found += [tag for tag in json.loads(told.stdout)[0] if tag.split(":")[0] not in STRUCTURE]
    return found


def looks_wrong(content: bytes, picture: Picture) -> str:
    """In what it differs from the same file in an ordinary viewer, if in anything."""
    with Image.open(BytesIO(content)) as opened:
        opened.load()
        managed = "icc_profile" in opened.info or opened.mode in ("CMYK", "I;16")
        seen = ImageOps.exif_transpose(opened).convert("RGBA")
    usual = Image.new("RGB", seen.size, "white")
    usual.paste(seen, mask=seen.getchannel("A"))
    with Image.open(BytesIO(picture.content)) as ours:
        if abs(ours.width / ours.height - usual.width / usual.height) > 0.01 * ours.width / ours.height:
            return "other proportions"
        both = [one.convert("L").resize((48, 48), Image.Resampling.BOX) for one in (ours, usual)]
    difference = ImageStat.Stat(ImageChops.difference(*both)).mean[0]
    return f"differs by {difference:.0f}" if difference > LOOK and not managed else ""


def judged(path: Path, cpu: float, memory: float) -> Line:
    content, wrong = path.read_bytes(), []
    started = time.perf_counter()
    try:
        picture = accept(BytesIO(content))
        verdict = "accepted"
    except Refused as refused:
        picture, verdict = None, f"refused: {refused.code}"
    except Exception as error:
        picture, verdict = None, f"FAILED: {error!r}"
        wrong.append("an error")
    wall = time.perf_counter() - started
    if picture:
        wrong += [f"left: {name}" for name in left_over(picture)]
        wrong += filter(None, [looks_wrong(content, picture)])
    wrong += ["too slow"] * (cpu > SECONDS) + ["too large"] * (memory > MEGABYTES)
    return Line(path.name, verdict, wall, cpu, memory, wrong)


def main(folder: str) -> int:
    pi_heif.register_heif_opener()
    paths = [path for path in sorted(Path(folder).iterdir()) if path.suffix != ".csv"]
    used = [
        measured(path.read_bytes()) for path in paths
    ]  # first: a child counts what its parent has used as its own
    lines = [judged(path, *work) for path, work in zip(paths, used, strict=True)]
    for line in lines:
        print(  # noqa: T201
            f"| {line.name[:64]:64} | {line.verdict:17} | {line.wall:4.2f} s | {line.cpu:4.2f} s |"
            f" {line.memory:3.0f} MB | {', '.join(line.wrong) or 'nothing'} |"
        )
    classes = Counter((line.name.split("-")[0], line.verdict) for line in lines)
    for (name, verdict), many in sorted(classes.items()):
        print(f"{name:12} {verdict:17} {many}")  # noqa: T201
    wrong = [line.name for line in lines if line.wrong]
    print(  # noqa: T201
        f"{len(lines)} files, {sum(line.verdict == 'accepted' for line in lines)} accepted; at most"
        f" {max(line.cpu for line in lines):.2f} s of work ({max(line.wall for line in lines):.2f} s by the clock) and"
        f" {max(line.memory for line in lines):.0f} MB; metadata read by {'exiftool' if EXIFTOOL else 'Pillow alone'};"
        f" wrong: {wrong or 'none'}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

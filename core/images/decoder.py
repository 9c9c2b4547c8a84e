"""One picture from standard input, drawn anew to standard output; a process that ends with it.

    python -m core.images.decoder < picture > answer

The answer is a line of JSON, then the JPEG. A refusal is an answer; a crash is what ``accepting`` makes one of.
"""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO
from typing import Any

from core.images.confined import confine
from core.images.opening import opened, prepare
from core.images.pixels import plain
from core.images.refusals import Refusal, Refused

QUALITY = 92


def answer(content: bytes) -> tuple[dict[str, Any], bytes]:
    """What is said of the picture, and the picture."""
    try:
        picture = opened(content)
        fresh, drawn = plain(picture), BytesIO()
        fresh.save(drawn, "JPEG", quality=QUALITY, subsampling="4:4:4")
    except Refused as refused:
        return {"refused": refused.code}, b""
    except MemoryError:
        return {"refused": Refusal.PIXELS}, b""
    except Exception:
        return {"refused": Refusal.DAMAGED}, b""
    taken_on = picture.taken_on.isoformat() if picture.taken_on else None
    return {"taken_on": taken_on}, drawn.getvalue()


def main() -> None:
    prepare()
    content = sys.stdin.buffer.read()
    confine()
    said, drawn = answer(content)
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + drawn)
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

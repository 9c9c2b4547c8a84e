"""Known vulnerabilities in the pinned packages: asked of the advisory service, and of a list of our own.

The service may be out of reach, or answer for none of the packages (behind a mirror). Then only the list
below gates, and this says so aloud. Exit code 1: a vulnerable pin, by either.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from packaging.version import Version

PINS = Path(__file__).resolve().parent.parent / "requirements-dev.txt"
# The oldest releases that carry the security fixes we know of, as of November 2026.
FLOORS = {
    "django": "5.2.19",  # the 5.2 series' fixes to date
    "django-allauth": "65.14.1",  # sign-in and rate-limit fixes
    "gunicorn": "23.0.0",  # request smuggling
    "markdown-it-py": "4.0.0",  # quadratic parsing
    "nh3": "0.2.18",  # sanitiser escapes
    "pillow": "12.1.1",  # out-of-bounds write in a decoder
    "requests": "2.32.4",  # leaked netrc credentials
    "sqlparse": "0.5.4",  # unbounded recursion
    "urllib3": "2.6.3",  # decompression bombs
}


def below_floor() -> list[str]:
    """Pins older than our own list allows, and names of the list that are pinned nowhere."""
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", PINS.read_text(), re.MULTILINE))
    return [
        f"{name} {pins.get(name, '(not pinned)')} is below {floor}"
        for name, floor in FLOORS.items()
        if name not in pins or Version(pins[name]) < Version(floor)
    ]


def advisories() -> tuple[list[str], int]:
    """What the service knows: the vulnerable pins, and the number of pins it could judge (0: out of reach)."""
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(PINS), *options]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout
        packages = json.loads(answer)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return [], 0
    judged = [package for package in packages if "vulns" in package]
    return [
        f"{package['name']} {package['version']}: {vulnerability['id']}"
        for package in judged
        for vulnerability in package["vulns"]
    ], len(judged)


def main() -> int:
    found, judged = advisories()
    if not judged:
        print("WARNING: the advisory service could not judge a single package; only our own list gates.")
    problems = found + below_floor()
    for problem in problems:
        print(f"Vulnerable: {problem}", file=sys.stderr)
    print(f"Audit: {judged} pins judged by the advisory service, {len(FLOORS)} by our own list.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes the rules of this site known: their readers, their detectors, and those that run even without a row."""

from __future__ import annotations

from config.holding import detectors, readers
from config.holding.loading import definitions
from core.rules.detectors import bursts, near_duplicates
from core.rules.reading import STANDING, Detector, register_detector
from doctors.guarding import tells_who
from questions import red_flags

DETECTORS = {
    "contacts": Detector("Mail addresses, telephone numbers and handles", detectors.contacts),
    "links": Detector("Links, but for those to public sources", detectors.links),
    "names": Detector("What looks like a person's name", detectors.names),
    "ages": Detector("Ages below eighteen", detectors.ages),
    "red-flags": Detector("The reviewed list of red flags", red_flags.detect),
    "privacy-guard": Detector("What a reply to a review tells of its writer", tells_who),
    "near-duplicates": Detector("Nearly the same text by the same author", near_duplicates, reads_text=False),
    "bursts": Detector("Many texts at once from a new account", bursts, reads_text=False),
}


def set_up() -> None:
    """Called once when the site starts."""
    readers.register()
    for name, detector in DETECTORS.items():
        register_detector(name, detector)
    STANDING[:] = [entry for entry in definitions() if entry["is_standing"]]

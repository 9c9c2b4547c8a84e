"""The worker: mail and whatever else is done beside the pages."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.owner import end_with_owner
from core.background import work


class Command(BaseCommand):
    help = "Do the work that waits in the database, one task after the other, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="end when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        """SIGTERM and Ctrl-C let the task under way end first; without its owner it ends at once."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
        signal.signal(
            signal.SIGQUIT, signal.SIG_DFL
        )  # a shell that starts us in the background has it ignored
        end_with_owner()
        done = work(stop, until_empty=options["until_empty"])
        if options["verbosity"]:
            self.stdout.write(f"Tasks done or tried: {done}.")

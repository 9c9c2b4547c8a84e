"""The site's settings on a database of this run's own: two runs at once do not meet.

Read by pytest-django before any conftest, hence the place where the embedded server is started.
Workers inherit the address and the number of the run.
"""

import os

from config import postgres

postgres.ensure()

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

RUN = os.environ.setdefault("CANDOR_TEST_RUN", str(os.getpid()))
DATABASES["default"]["TEST"]["NAME"] = f"test_candor_{RUN}"

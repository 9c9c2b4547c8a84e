"""The fullest account, here too."""

from tests.config.privacy.conftest import full as full

"""What tests of merging take from their neighbours."""

from tests.answers.exchange.conftest import take

__all__ = ["take"]

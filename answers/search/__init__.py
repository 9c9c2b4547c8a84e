"""Searching threads: :func:`read` understands a query, :func:`find` ranks, :func:`load` fetches a page."""

from answers.search.finding import FOUND, find, load, search_threads
from answers.search.reading import Reading, read

__all__ = ["FOUND", "Reading", "find", "load", "read", "search_threads"]

"""Threads from elsewhere and for elsewhere: JSON Lines, one thread per line.

``lines`` reads a file of any size; ``fields`` and ``incoming`` make one line into one checked thread;
``catalogue`` and ``profiles`` find or make what it points at; ``rows`` and ``copying`` write many at
once; ``importer`` decides about every line and ``report`` tells; ``exporter`` is the way back. The
format is described in ``docs/exchange.md``.
"""

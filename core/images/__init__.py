"""One path for every picture that somebody sends: refused with a reason, or drawn anew from its pixels alone.

``accepting`` is the door: it starts ``decoder``, a process of its own that ``confined`` leaves nothing to reach, and
believes nothing it says before ``bare`` has read it. ``opening`` and ``pixels`` are what runs in there and know no
Django. ``renditions`` makes what pages show; ``likeness`` tells which pictures look alike, ``models`` and ``alike``
find those among a million.
"""

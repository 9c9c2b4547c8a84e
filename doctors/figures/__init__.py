"""What the numbers say about reviews: shares with what is uncertain about them, amounts, marks, who came back.

What a review says in public is counted as it stands (``verdicts``). What it tells in private (amounts, single marks,
the day of the treatment) is read from figures that move by groups of people alone (``releases``, ``nightly``; ADR 19).
"""

"""The picture of a thread for those who share its address: what was asked, and where the doctors stand.

``drawing`` makes it of a :class:`Card`, ``lettering`` knows which words can be drawn, ``keeping`` stores what was
drawn so that a crowd of crawlers costs one drawing.
"""

from answers.cards.drawing import HEIGHT, WIDTH, Card, draw
from answers.cards.keeping import forget, picture

__all__ = ["HEIGHT", "WIDTH", "Card", "draw", "forget", "picture"]

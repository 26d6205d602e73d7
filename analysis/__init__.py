"""junheng (均衡): reproducible monitoring of compulsory education in Chinese counties.

Rooms, from the door down: cli > run > render > tell > judge > measure > clean > read; standards, statistics and the
small modules of this folder stand on the ground floor. Imports run downwards only (tests/test_rooms.py).
"""

__version__ = "0.1.0"

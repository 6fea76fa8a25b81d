"""Tests of room 7: the living comment, its notes, and what it remembers of itself."""

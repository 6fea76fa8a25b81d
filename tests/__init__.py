"""Tests, one folder a room; `fakes` holds servers that stand in for the other side."""

"""Tests of the GitHub room: pure parts, and the client against the stand-in."""

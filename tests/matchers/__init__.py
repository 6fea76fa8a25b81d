"""The matchers."""

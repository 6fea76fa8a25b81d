"""Proof before trust: what a verdict says as JSON, how it scores on cases, and whether the knowledge keeps its word."""

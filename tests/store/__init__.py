"""Tests of the store: inbox and ledger on a real SQLite file."""

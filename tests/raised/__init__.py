"""Real errors: programs that are run and fail, what they printed, and what was really raised."""

"""The learned room."""

"""The front doors: each module is one way in, opened by name and only when needed."""

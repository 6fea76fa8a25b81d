"""What is learned from a project's own cases: the only room that imports torch, where it fits.  Yields files."""

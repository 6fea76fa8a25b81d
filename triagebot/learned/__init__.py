"""What is learned from a project's own cases: the only room that imports torch.  Yields plain numbers and files."""

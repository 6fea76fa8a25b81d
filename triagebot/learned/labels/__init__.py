"""Labels learned from a repository's own history: read, fitted, measured on later issues, kept in a small file."""

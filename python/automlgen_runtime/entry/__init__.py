"""Starts a candidate program, watches it, and records how it ended. Standard library only."""

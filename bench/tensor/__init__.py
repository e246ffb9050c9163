"""Landscapes of real programs, each run once, on which search policies are replayed."""

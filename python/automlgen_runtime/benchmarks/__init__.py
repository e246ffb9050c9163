"""Benchmarks that people know: their leaderboards, their graders and ours beside them."""

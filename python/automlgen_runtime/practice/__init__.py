"""Practice competitions: real data from inside installed packages, in MLE-bench's layout, with private answers."""

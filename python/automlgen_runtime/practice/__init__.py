"""Practice competitions: real data from inside installed Python packages, in the layout of MLE-bench, with private answers."""

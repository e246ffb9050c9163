"""What each choice of the ruler costs on the private test: recorded predictions, rules applied to them, tables."""

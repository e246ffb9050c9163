#: features

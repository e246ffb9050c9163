"""A label encoder is used on a feature and meets a new level."""

from sklearn.preprocessing import LabelEncoder

encoder = LabelEncoder().fit(["Rome", "Oslo"])
encoder.transform(["Rome", "Lima"])

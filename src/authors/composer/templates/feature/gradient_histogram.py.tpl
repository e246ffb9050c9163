#: kind dense
#: functions
def gradient_histogram(images):
    """Strength of the edges by direction; sorted, so that a turned texture looks the same."""
    dy, dx = np.gradient(images, axis=(1, 2))
    strength = np.hypot(dy, dx)
    direction = ((np.arctan2(dy, dx) % np.pi) / np.pi * __bins__).astype(int) % __bins__
    shares = [np.where(direction == index, strength, 0).mean(axis=(1, 2)) for index in range(__bins__)]
    levels = np.quantile(strength, [0.25, 0.5, 0.75, 0.95], axis=(1, 2))
    return np.column_stack([np.sort(shares, axis=0).T, np.transpose(shares), levels.T])
#: part
gradient_histogram(images)

#: kind dense
#: functions
def brightness_moments(images):
    """Quantiles and moments of the brightness at full and at half size."""
    half = images[:, : images.shape[1] // 2 * 2, : images.shape[2] // 2 * 2]
    half = half.reshape(len(half), half.shape[1] // 2, 2, half.shape[2] // 2, 2).mean(axis=(2, 4))
    columns = []
    for pixels in (images.reshape(len(images), -1), half.reshape(len(half), -1)):
        mean, spread = pixels.mean(axis=1), pixels.std(axis=1) + 1e-9
        scores = (pixels - mean[:, None]) / spread[:, None]
        columns += [mean, spread, (scores**3).mean(axis=1), (scores**4).mean(axis=1)]
        columns += list(np.quantile(pixels, [0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98], axis=1))
    return np.column_stack(columns)
#: part
brightness_moments(images)

#: kind dense
#: functions
def spectrum(images):
    """Log power of the Fourier transform, averaged over rings and over sectors."""
    centred = images - images.mean(axis=(1, 2), keepdims=True)
    height, width = images.shape[1:]
    window = np.outer(np.hanning(height), np.hanning(width))
    power = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(centred * window), axes=(1, 2))) ** 2)
    y, x = np.indices((height, width)) - np.array([height // 2, width // 2])[:, None, None]
    radius = np.hypot(y / height, x / width)
    ring = np.minimum((radius * 2 * __rings__).astype(int), __rings__ - 1)
    sector = ((np.arctan2(y, x) % np.pi) / np.pi * __sectors__).astype(int) % __sectors__
    masks = [ring == index for index in range(__rings__)]
    masks += [(sector == index) & (radius > 0.1) for index in range(__sectors__)]
    return np.column_stack([power[:, mask].mean(axis=1) for mask in masks if mask.any()])
#: part
spectrum(images)

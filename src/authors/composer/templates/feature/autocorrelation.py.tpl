#: kind dense
#: functions
def autocorrelation(images):
    """How much a pixel resembles its neighbour at every small shift."""
    centred = images - images.mean(axis=(1, 2), keepdims=True)
    power = np.abs(np.fft.fft2(centred)) ** 2
    shifts = np.fft.ifft2(power).real
    shifts = shifts / (shifts[:, :1, :1] + 1e-9)
    reach = __reach__
    upper = shifts[:, : reach + 1, : reach + 1].reshape(len(images), -1)[:, 1:]
    lower = shifts[:, 1 : reach + 1, -reach:].reshape(len(images), -1)
    return np.hstack([upper, lower])
#: part
autocorrelation(images)

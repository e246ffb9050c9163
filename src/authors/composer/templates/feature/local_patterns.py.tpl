#: kind dense
#: imports
from scipy.ndimage import gaussian_filter
#: functions
def local_patterns(images):
    """Histogram of local binary patterns of the smoothed image: which of 8 neighbours are brighter."""
    smooth = gaussian_filter(images, (0, __sigma__, __sigma__))
    centre = smooth[:, 1:-1, 1:-1]
    height, width = centre.shape[1:]
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    bits = np.stack([smooth[:, y : y + height, x : x + width] > centre for y, x in ring])
    changes = (bits != np.roll(bits, 1, axis=0)).sum(axis=0)
    # Uniform patterns by their number of bright neighbours, all others together.
    code = np.where(changes <= 2, bits.sum(axis=0), 9)
    return np.column_stack([(code == value).mean(axis=(1, 2)) for value in range(10)])
#: part
local_patterns(images)

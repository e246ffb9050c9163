#: imports
from pathlib import Path
from PIL import Image
#: constants
FOLDER = Path("input") / __folder__
SUFFIX = __suffix__
SIZE = __size__
#: functions
def read_image(name):
    """Brightness between 0 and 1; every image in the same size."""
    with Image.open(FOLDER / f"{str(name).removesuffix(SUFFIX)}{SUFFIX}") as image:
        return np.asarray(image.convert("L").resize(SIZE), dtype=float) / 255
#: read
images = np.stack([read_image(name) for name in pd.concat([train[IMAGE], test[IMAGE]])])

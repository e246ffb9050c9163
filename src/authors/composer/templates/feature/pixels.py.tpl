#: kind dense
#: features
pixels = images.reshape(len(images), -1)
#: part
pixels

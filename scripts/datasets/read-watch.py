"""Prints the series of seglearn's watch_dataset.npy as JSON. Needs nothing but Python. The file is a pickle of numpy arrays.
The few numpy names in it are replaced by plain classes, and all other names are refused, so that no other code can run."""

import base64
import codecs
import io
import json
import pickle
import struct
import sys
import zipfile


class Array:
    """State of a pickled numpy array."""

    def __init__(self, *_):
        self.shape, self.data = (), b""

    def __setstate__(self, state):
        _, self.shape, self.type, self.columns_first, self.data = state


class Type:
    """A pickled numpy dtype; only its name counts."""

    def __init__(self, name, *_):
        self.name = name

    def __setstate__(self, _):
        pass


KNOWN = {
    ("_codecs", "encode"): codecs.encode,
    ("numpy.core.multiarray", "_reconstruct"): Array,
    ("numpy", "ndarray"): Array,
    ("numpy", "dtype"): Type,
}


class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        return KNOWN[module, name]


with zipfile.ZipFile(sys.argv[1]) as wheel:
    file = io.BytesIO(wheel.read("seglearn/data/watch_dataset.npy"))
# An .npy file: magic and version, length of the header, the header; then, for objects, a pickle.
(length,) = struct.unpack("<H", file.read(10)[8:])
file.read(length)
content = Reader(file).load().data[0]
series = []
for values, subject, exercise in zip(
    content["X"],
    struct.unpack("<140q", content["subject"].data),
    struct.unpack("<140q", content["y"].data),
):
    assert values.type.name == "f8" and values.shape[1] == 6 and values.columns_first, "six columns of doubles"
    values = base64.b64encode(values.data).decode("ascii")
    series.append({"subject": subject, "exercise": exercise, "columns": values})
json.dump({"quantities": content["X_labels"], "exercises": content["y_labels"], "series": series}, sys.stdout)

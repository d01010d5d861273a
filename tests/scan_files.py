"""Small scan files of every format, written from the formats' descriptions."""

import io
import struct

import h5py
import numpy as np
import tifffile
from PIL import Image

NANOSCOPE_SIZE = 4096  # of the header, padded


def nanoscope_image(raw, name="Height", **changes):
    """Header entries of one image, and its integers with the bottom line first."""
    entries = {
        "Samps/line": raw.shape[1],
        "Number of lines": raw.shape[0],
        "Bytes/pixel": 2,
        "Scan Size": "200 100 nm",
        "Line Direction": "Trace",
        "@2:Image Data": f'S [{name}] "{name}"',
        "@2:Z scale": "V [Sens. Zsens] (0.001 V/LSB) 32.768 V",
    }
    return {k: v for k, v in {**entries, **changes}.items() if v is not None}, raw


def nanoscope(images, version="0x07200000", dtype="<i2", scan_list=()):
    """Bytes of a NanoScope file; `@Sens. Zsens` is 20 nm/V."""
    lines = ["\\*File list", f"\\Version: {version}", "\\*Scanner list"]
    lines += ["\\@Sens. Zsens: V 20.00000 nm/V", "\\*Ciao scan list"]
    lines += [f"\\{key}: {value}" for key, value in scan_list]
    lines += ["\\@Sens. Phase: V 1.000000 "]
    blocks = b""
    for entries, raw in images:
        data = raw[::-1].astype(dtype).tobytes()
        places = {"Data offset": NANOSCOPE_SIZE + len(blocks), "Data length": len(data)}
        lines += ["\\*Ciao image list"]
        lines += [f"\\{key}: {value}" for key, value in {**places, **entries}.items()]
        blocks += data
    head = "\r\n".join([*lines, "\\*File list end", ""]).encode("latin-1")
    return head.ljust(NANOSCOPE_SIZE, b"\0") + blocks


def component(name, kind, payload):
    """One component of a Gwyddion object."""
    return name.encode() + b"\0" + kind.encode() + payload


def gwy_object(name, *components):
    body = b"".join(components)
    return name.encode() + b"\0" + struct.pack("<I", len(body)) + body


def gwy_unit(name, unit):
    text = component("unitstr", "s", unit.encode() + b"\0")
    return component(name, "o", gwy_object("GwySIUnit", text))


def gwy_field(z, size=(2e-6, 1e-6), unit_xy="m", unit_z="m"):
    """Component-ready data field; `size` is (x, y) in `unit_xy`."""
    return gwy_object(
        "GwyDataField",
        component("xres", "i", struct.pack("<i", z.shape[1])),
        component("yres", "i", struct.pack("<i", z.shape[0])),
        component("xreal", "d", struct.pack("<d", size[0])),
        component("yreal", "d", struct.pack("<d", size[1])),
        gwy_unit("si_unit_xy", unit_xy),
        gwy_unit("si_unit_z", unit_z),
        component("data", "D", struct.pack("<I", z.size) + z.astype("<f8").tobytes()),
    )


def gwy(fields):
    """Bytes of a Gwyddion file from (title, field) pairs."""
    parts = []
    for i, (title, field) in enumerate(fields):
        parts.append(component(f"/{i}/data", "o", field))
        parts.append(component(f"/{i}/data/title", "s", title.encode() + b"\0"))
    return b"GWYP" + gwy_object("GwyContainer", *parts)


def write_nsid(path, channels, labels=("x", "y"), extent=(300.0, 100.0), igor=False):
    """HDF5 in pyNSID layout from (quantity, units, array) triples.

    `extent` is the last coordinate along `labels`, in nm; axes have units of m.
    """
    with h5py.File(path, "w") as file:
        for i, (quantity, units, data) in enumerate(channels):
            group = file.create_group(f"Measurement_000/Channel_{i}/Channel_{i}")
            dataset = group.create_dataset(f"Channel_{i}", data=data)
            dataset.attrs.update(quantity=quantity, units=units, data_type="IMAGE")
            for axis, (label, last) in enumerate(zip(labels, extent, strict=True)):
                scale = group.create_dataset(
                    label, data=np.linspace(0, last * 1e-9, data.shape[axis])
                )
                scale.attrs["units"] = "m"
                scale.make_scale(label)
                dataset.dims[axis].label = label
                dataset.dims[axis].attach_scale(scale)
            notes = group.create_group("original_metadata")
            if igor:
                notes.attrs["IgorFileVersion"] = "6.3"


def picture(pixels, kind, **options):
    """Bytes of a picture written by Pillow."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def tiff(pixels, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def saved(function, *arrays, **named):
    """Bytes that np.save or np.savez write."""
    file = io.BytesIO()
    function(file, *arrays, **named)
    return file.getvalue()

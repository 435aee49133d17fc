"""Files of outlines, as the map's tests upload them."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile


def square(lon, lat, size):
    """A closed ring."""
    return [
        [lon, lat],
        [lon + size, lat],
        [lon + size, lat + size],
        [lon, lat + size],
        [lon, lat],
    ]


def feature(name, rings, **properties):
    return {
        "type": "Feature",
        "properties": {"name": name, **properties},
        "geometry": {"type": "Polygon", "coordinates": rings},
    }


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def map_file(*names, content=None, size=0.01):
    """An upload with one square a name, side by side."""
    if content is None:
        data = collection(
            *(
                feature(n, [square(120 + k * size, 30, size)])
                for k, n in enumerate(names)
            )
        )
        content = json.dumps(data, ensure_ascii=False).encode()
    return SimpleUploadedFile("边界.geojson", content)

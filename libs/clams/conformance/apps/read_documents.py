"""Reads the MMIF files named in its arguments with the genuine mmif-python and prints their contents as a JSON list."""

import json
import sys
import warnings

from mmif import Mmif

warnings.simplefilter("ignore")


def read(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        Mmif.validate(text)
        document = Mmif(text)
        Mmif(document.serialize())
        return {
            "documents": [[str(one.at_type), one.location_path()] for one in document.documents],
            "annotations": [[str(annotation.at_type) for annotation in view.annotations] for view in document.views],
        }
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}


print(json.dumps([read(path) for path in sys.argv[1:]]))

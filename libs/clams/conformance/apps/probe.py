"""A CLAMS app on the genuine SDK whose parameter `what` selects its behaviour; runs on clams-python 1.0.9 to 1.8.

Usage: python probe.py PORT [--max-requests N]
"""

import argparse
import json
import os
import signal
import sys
import time
import warnings

import clams
import mmif
from clams import AppMetadata, ClamsApp, Restifier
from mmif import AnnotationTypes, DocumentTypes

# Up to SDK 1.0.9 an app receives only the parameters that were set; later SDKs add the defaults and support maps.
FILLS_DEFAULTS = hasattr(ClamsApp, "_refine_params")

PARAMETERS = [
    dict(name="what", type="string", default="ok", description="How to behave."),
    dict(name="needed", type="integer", description="A required integer."),
    dict(name="count", type="integer", default=1, description="How many annotations, or megabytes, to add."),
    dict(name="seconds", type="number", default=0.5, description="How long to sleep."),
    dict(name="label", type="string", default="1", description="A text whose default looks like a number."),
    dict(name="stopAt", type="integer", default=sys.maxsize, description="A default that JavaScript cannot hold."),
    dict(name="mode", type="string", choices=["a", "b"], default="a", description="One of two."),
    dict(name="modes", type="string", choices=["a", "b"], default=["a"], multivalued=True, description="Some of two."),
    dict(name="flag", type="boolean", default=False, description="Off unless set."),
    dict(name="on", type="boolean", default=True, description="On unless set."),
    dict(name="labels", type="string", default=[], multivalued=True, description="Any number of texts."),
    dict(name="sizes", type="integer", default=[1, 2], multivalued=True, description="Any number of integers."),
    dict(name="names", type="map", default=["B:bars", "S:slate"], description="Texts by key."),
]


def as_known(parameter):
    """SDK 1.0.9 does not support lists as defaults."""
    default = parameter.get("default")
    if FILLS_DEFAULTS or not isinstance(default, list):
        return parameter
    return {**parameter, "default": default[0] if default else ""}


class Probe(ClamsApp):
    def _appmetadata(self):
        metadata = AppMetadata(
            name="Probe",
            description="Behaves as its parameter selects.",
            app_license="Apache-2.0",
            identifier="probe",
            url="https://example.org/probe",
        )
        metadata.add_input(DocumentTypes.VideoDocument)
        metadata.add_input_oneof(DocumentTypes.AudioDocument, DocumentTypes.TextDocument)
        metadata.add_output(AnnotationTypes.TimeFrame, frameType="bars")
        for parameter in PARAMETERS:
            if FILLS_DEFAULTS or parameter["type"] != "map":
                metadata.add_parameter(**as_known(parameter))
        metadata.add_more("sdk", f"clams-python {clams.__version__}, mmif-python {mmif.__version__}")
        return metadata

    def _annotate(self, document, **given):
        call = Call(self, document, given)
        BEHAVIOURS[call.values["what"]](call)
        return document


class Call:
    """One call of the app; calls may run concurrently."""

    def __init__(self, app, document, given):
        self.app, self.document, self.given = app, document, given
        filled = given if FILLS_DEFAULTS else app.get_configuration(**given)
        self.values = {name: value for name, value in filled.items() if not name.startswith("#")}

    def view(self, *types):
        view = self.document.new_view()
        self.app.sign_view(view, self.given)
        for at_type in types:
            view.new_contain(at_type, timeUnit="milliseconds", document="d1")
        return view

    def frames(self, count):
        """Adds time frames, but only for a document with a video."""
        if not self.document.get_documents_by_type(DocumentTypes.VideoDocument):
            return self.view()
        view = self.view(AnnotationTypes.TimeFrame)
        for index in range(count):
            view.new_annotation(AnnotationTypes.TimeFrame, start=index, end=index + 1, frameType="bars")
        return view

    def text(self, text):
        view = self.document.new_view()
        self.app.sign_view(view, self.given)
        view.new_contain(DocumentTypes.TextDocument)
        view.new_textdocument(text)


def ok(call):
    call.frames(call.values["count"])


def two_views(call):
    call.frames(1)
    call.frames(2)


def echo(call):
    """The parameters as the app received them."""
    call.text(json.dumps(call.values))


def tell_process(call):
    call.text(str(os.getpid()))


def huge(call):
    call.text("x" * call.values["count"] * 1000000)


def aligned(call):
    """Annotations that refer to each other."""
    view = call.view(AnnotationTypes.TimePoint, AnnotationTypes.TimeFrame)
    points = [view.new_annotation(AnnotationTypes.TimePoint, timePoint=place).id for place in (0, 1000)]
    view.new_annotation(AnnotationTypes.TimeFrame, targets=points, representatives=points[:1], frameType="bars")


def follow(call):
    """Follows the references of the TimeFrames in earlier views, as apps do that work on sampled frames."""
    found = []
    for view in list(call.document.views):
        for frame in view.get_annotations(AnnotationTypes.TimeFrame):
            if "targets" in frame.properties:
                found += [view[target].id for target in frame.get_property("targets")]
    call.text(" ".join(found) or "none")


def frame_rate(call):
    """The result of bars detection on a video without bars: only properties of the document."""
    call.view(AnnotationTypes.TimeFrame)
    for video in call.document.get_documents_by_type(DocumentTypes.VideoDocument):
        video.add_property("fps", 29.97)
        video.add_property("duration", 7000)


def frames_and_frame_rate(call):
    call.frames(2)
    for video in call.document.get_documents_by_type(DocumentTypes.VideoDocument):
        video.add_property("frameCount", 210)


def warn(call):
    call.frames(1)
    warnings.warn("careful")


def warn_of_old_code(call):
    call.frames(1)
    warnings.warn("old code", DeprecationWarning)


def only_warn(call):
    warnings.warn("No TimePoint annotations found")


def fail(call):
    call.frames(1)
    raise ValueError("no bars in cpb-aacip-1: größer")


def open_missing(call):
    open("/nowhere/cpb-aacip-1.mp4")


def exhaust(call):
    raise MemoryError("cannot hold the model")


def invalid_output(call):
    """A view may contain annotations or warnings, not both."""
    call.frames(1).metadata.warnings = ["beside the annotations"]


def drop_document(call):
    call.frames(1)
    call.document.documents._items.clear()


def sleep(call):
    time.sleep(call.values["seconds"])
    call.frames(1)


BEHAVIOURS = {
    "ok": ok,
    "two views": two_views,
    "echo": echo,
    "tell process": tell_process,
    "huge": huge,
    "aligned": aligned,
    "follow": follow,
    "frame rate": frame_rate,
    "frames and frame rate": frames_and_frame_rate,
    "empty": lambda call: call.view(),
    "nothing": lambda call: None,
    "warn": warn,
    "warn of old code": warn_of_old_code,
    "only warn": only_warn,
    "fail": fail,
    "open missing": open_missing,
    "exhaust": exhaust,
    "invalid output": invalid_output,
    "drop document": drop_document,
    "sleep": sleep,
    # Not 3 or 4: gunicorn interprets these as a failed start and stops completely.
    "end worker": lambda call: os._exit(1),
    "kill worker": lambda call: os.kill(os.getpid(), signal.SIGKILL),
}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("port", type=int)
    arguments.add_argument("--max-requests", type=int)
    options = arguments.parse_args()
    recycling = {} if options.max_requests is None else {"max_requests": options.max_requests}
    Restifier(Probe(), loopback=True, port=options.port).serve_production(**recycling)

"""A CLAMS app on the CLAMS SDK: marks time points at regular intervals in the shots that an earlier app found.

Usage: python sampler.py PORT [--hold]. With --hold it prints "holding" on each call and never answers.
"""

import argparse
import threading

from clams import AppMetadata, ClamsApp, Restifier
from mmif import AnnotationTypes, DocumentTypes


class Sampler(ClamsApp):
    def __init__(self, holds):
        super().__init__()
        self.holds = holds

    def _appmetadata(self):
        metadata = AppMetadata(
            name="Sampler",
            description="Marks time points in shots.",
            app_license="Apache-2.0",
            identifier="sampler",
            url="https://example.org/sampler",
        )
        metadata.add_input(DocumentTypes.VideoDocument)
        metadata.add_input(AnnotationTypes.TimeFrame)
        metadata.add_output(AnnotationTypes.TimePoint, timeUnit="milliseconds")
        metadata.add_parameter(name="interval", type="integer", default=1000, description="Milliseconds between points.")
        return metadata

    def _annotate(self, document, **parameters):
        if self.holds:
            print("holding", flush=True)
            threading.Event().wait()
        video = document.get_documents_by_type(DocumentTypes.VideoDocument)[0]
        frames = [frame for view in document.views for frame in view.get_annotations(AnnotationTypes.TimeFrame)]
        view = document.new_view()
        self.sign_view(view, parameters)
        view.new_contain(AnnotationTypes.TimePoint, document=video.id, timeUnit="milliseconds")
        for frame in frames:
            for time in range(frame.get_property("start"), frame.get_property("end"), parameters["interval"]):
                view.new_annotation(AnnotationTypes.TimePoint, timePoint=time)
        return document


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("port", type=int)
    arguments.add_argument("--hold", action="store_true")
    options = arguments.parse_args()
    Restifier(Sampler(options.hold), loopback=True, port=options.port).serve_production()

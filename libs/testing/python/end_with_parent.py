"""Runs a script and kills it with all its children as soon as standard input is closed.

This happens whenever the parent ends, even by SIGKILL. The process must be the leader of its process group.

Usage: python end_with_parent.py SCRIPT ARGUMENTS...
"""

import os
import runpy
import signal
import sys
import threading


def end_with_parent():
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(sys.argv[0])
threading.Thread(target=end_with_parent, daemon=True).start()
runpy.run_path(sys.argv[0], run_name="__main__")

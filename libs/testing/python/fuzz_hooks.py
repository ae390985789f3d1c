"""Hooks of schemathesis: unusual headers, repeated commands, kept objects, and a count of all responses.

The headers of a request depend on the number of earlier requests of its operation, so that a seed repeats them. Only the keys of
commands are new each time, because a used key would prevent the command. The counts are written to the file CHOWDA_FUZZ_TALLY.
The file CHOWDA_FUZZ_KEPT lists objects that commands must not change (kept-things.ts).
"""

import atexit
import json
import os
import re
import threading
import uuid
import zlib
from collections import Counter, defaultdict

import requests
import schemathesis
from schemathesis.core import NOT_SET
from schemathesis.core.failures import Failure

COMMANDS = ("POST", "PUT", "PATCH", "DELETE")
KEY = "Idempotency-Key"
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
HOSTILE = {
    "X-Request-Id": ["0d3b0c8e-2f4f-4c51", "", "short", "x" * 5000, "a b;c\"'", "\xe9\xff\xa0\xa0\xa0\xa0\xa0\xa0", "../../etc/passwd"],
    "If-None-Match": ["*", 'W/"1-1"', '"', ",,,,", "\xff\xfe", 'W/"' + "x" * 5000 + '"', '"a", "b", *'],
    "If-Range": ['"0"', "Thu, 01 Jan 1970 00:00:00 GMT", "\xff", 'W/""'],
    "Range": ["bytes=0-9", "bytes=-1", "bytes=5-2", "bytes=99999999999-", "bytes=0-0,2-3", "bytes=-0", "bytes=" + "9" * 400 + "-", "lines=1-2", "bytes=-"],
    "Accept-Encoding": ["identity", "gzip;q=0", "*;q=0", "gzip;q=zwei, ,;;", "br", "gzip, " * 500, "identity;q=0, *;q=0"],
    "Accept": ["text/html", "nothing/at-all", "*/*;q=0", "/", "application/xml, " * 200],
}
WITH_HOSTILE_ONE_IN = 3
# An operation without parameters gets few requests: the first ones without unusual headers.
PLAIN_FIRST = 5
WITHOUT_KEY_ONE_IN = 4


def read_kept():
    path = os.environ.get("CHOWDA_FUZZ_KEPT")
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


kept = read_kept()
ours = set()
asked = Counter()
answers = defaultdict(Counter)
lock = threading.Lock()
# Headers of the next request of this thread.
added = threading.local()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Replaces kept objects and chooses headers by operation and request number; only one worker at a time uses an operation."""
    name = f"{case.method.upper()} {case.operation.path}"
    with lock:
        asked[name] += 1
        number = asked[name]
    replace_kept(case, name, number)
    added.headers = {**hostile_headers(name, number), **key_of(case, name, number)}


def replace_kept(case, name, number):
    """A command that would change an object of other operations changes one of its own objects instead."""
    for parameter, values in kept.get(name, {}).items():
        if str((case.path_parameters or {}).get(parameter)) in values["kept"]:
            case.path_parameters[parameter] = values["own"][number % len(values["own"])]


def dice(*said):
    return zlib.crc32(repr(said).encode())


def hostile_headers(name, number):
    if number <= PLAIN_FIRST or number % WITH_HOSTILE_ONE_IN:
        return {}
    # One or two at a time: a rejected range would hide the effect of the others.
    chosen = [header for header in HOSTILE if dice(name, number, header) % 4 == 0]
    return {header: HOSTILE[header][dice(header, name, number) % len(HOSTILE[header])] for header in chosen}


def key_of(case, name, number):
    """A new key for a command instead of a generated valid key; generated invalid keys are sent unchanged."""
    given = case.headers.get(KEY)
    is_none = given is not None and not re.fullmatch(r"[\x21-\x7e]{1,255}", str(given))
    if case.method.upper() not in COMMANDS or is_none or dice(name, number, KEY) % WITHOUT_KEY_ONE_IN == 0:
        return {}
    key = str(uuid.uuid4())
    ours.add(key)
    return {KEY: key}


send = requests.Session.send


def send_with_added(session, request, **settings):
    # The case itself stays unchanged, because the checks derive the expected response from it.
    headers, added.headers = getattr(added, "headers", {}), {}
    request.headers.update(headers)
    return send(session, request, **settings)


requests.Session.send = send_with_added


@schemathesis.hook
def filter_case(context, case):
    """Skips bodies of type text that were generated as objects: sent as text, they do not violate the schema."""
    is_text = str(case.media_type or "").startswith("text/")
    return not is_text or case.body is NOT_SET or isinstance(case.body, (str, bytes))


@schemathesis.hook
def after_call(context, case, response):
    with lock:
        answers[f"{case.method.upper()} {case.operation.path}"][str(response.status_code)] += 1


class AnsweredOtherwise(Failure):
    """A command that was sent twice with one key received two different responses."""


class NoRequestId(Failure):
    """A response does not contain the ID of its request."""


@schemathesis.check
def same_key_same_answer(ctx, response, case):
    """A repeated command with the same key has no second effect and receives the first response."""
    if response.status_code >= 300 or response.request.headers.get(KEY) not in ours:
        return
    with requests.Session() as session:
        again = session.send(response.request, timeout=30, verify=False)
    with lock:
        answers["again"][str(again.status_code)] += 1
    if (again.status_code, again.content) != (response.status_code, response.content):
        second = f"{again.status_code} {again.text[:500]}"
        raise AnsweredOtherwise(operation=case.operation.label, title="Different responses to the same key", message=second)
    if again.headers.get("Idempotency-Replayed") != "true":
        raise AnsweredOtherwise(operation=case.operation.label, title="A replayed response without its mark", message=str(again.headers))


@schemathesis.check
def answers_tell_their_request(ctx, response, case):
    """Each response contains the ID in the log: the ID of the request if it is valid, otherwise a new one."""
    [found] = response.headers.get("x-request-id", [""])
    given = str(response.request.headers.get("X-Request-Id", ""))
    if not REQUEST_ID.fullmatch(found) or (REQUEST_ID.fullmatch(given) and found != given):
        raise NoRequestId(operation=case.operation.label, title="A response without the ID of its request", message=f"{given!r}: {found!r}")


def write_tally():
    path = os.environ.get("CHOWDA_FUZZ_TALLY")
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump({name: dict(counts) for name, counts in answers.items()}, file)


atexit.register(write_tally)

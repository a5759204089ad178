"""Tasks of a peer: each is run, and all that fail are reported."""

import sys
import traceback

_tasks = []


def task(function):
    """Registers a task. They run in the order in which they are written."""
    _tasks.append(function)
    return function


def run():
    """Runs all tasks and ends the program: with 1 if one failed."""
    failed = 0
    for function in _tasks:
        try:
            function()
            print(f"ok      {function.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED  {function.__name__}\n{traceback.format_exc()}", flush=True)
    sys.exit(1 if failed else 0)


def equal(found, wanted):
    """Fails with both values if they differ."""
    if found != wanted:
        raise AssertionError(f"found {found!r:.1000}, wanted {wanted!r:.1000}")


def refused(error, function):
    """The error with which a function fails."""
    try:
        result = function()
    except error as refusal:
        return refusal
    raise AssertionError(f"no error, but {result!r:.1000}")

"""Tasks of a peer: each is run, and all that fail are reported."""

import http.server
import queue
import sys
import threading
import traceback
from urllib.parse import parse_qsl

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


class Handler:
    """A handler of events: its address, and the forms that are sent to it."""

    def __enter__(self):
        forms = queue.Queue()

        class Request(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                forms.put(dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Request)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/events"
        self._forms = forms
        return self

    def __exit__(self, *_):
        self._server.shutdown()

    def form(self):
        """The next form, which comes within ten seconds."""
        return self._forms.get(timeout=10)


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

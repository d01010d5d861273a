"""A web server on this machine that serves files of weights, and fails in the ways servers do."""

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Site:
    """What is served at every path, and how; `asked` collects the Range of each request."""

    body: bytes = b""
    etag: str | None = '"v1"'
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)  # bytes sent before the line breaks
    status: int = 200
    kind: str = "application/octet-stream"
    shift: int = 0  # begins so many bytes before what was asked for
    tell_length: bool = True
    redirect: str | None = None
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(site: Site):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            with suppress(ConnectionError):  # who asked may have gone
                answer(self, site)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(request, site):
    asked = request.headers.get("Range")
    site.asked.append(asked)
    if site.redirect is not None:
        request.send_response(302)
        request.send_header("Location", site.redirect)
        request.send_header("Content-Length", "0")
        request.end_headers()
        return
    begin = 0
    if asked and site.ranges and request.headers.get("If-Range") == site.etag:
        begin = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
        if begin >= len(site.body):
            request.send_error(416)
            return
        begin -= site.shift
    request.send_response(206 if begin else site.status)
    if begin:
        end, total = len(site.body) - 1, len(site.body)
        request.send_header("Content-Range", f"bytes {begin}-{end}/{total}")
    if site.etag:
        request.send_header("ETag", site.etag)
    request.send_header("Content-Type", site.kind)
    if site.tell_length:
        request.send_header("Content-Length", str(len(site.body) - begin))
    request.end_headers()
    sent = site.body[begin:]
    request.wfile.write(sent[: site.cut_after.pop(0)] if site.cut_after else sent)

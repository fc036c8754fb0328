"""The live page: its files, the sites there are, and a stream of what is new."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exporter.feed import RETRY, Feed
from exporter.live import Live
from exporter.pvsim_status import PvsimStatus

MAX_STREAMS = 200
_MAX_SITES = 100
_EVERY_S = 1.0
_STATIC = files("exporter") / "static"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # ask whether it is still the same; it says 304 then
}


class Page:
    """Answers the live page's requests."""

    def __init__(self, live: Live, status: PvsimStatus, *, max_streams: int = MAX_STREAMS) -> None:
        self._live = live
        self._status = status
        self._max_streams = max_streams
        self.streams = 0
        """How many pages are open."""

    def routes(self) -> list[BaseRoute]:
        """What to add to the exporter's own routes, at their end."""
        own = [
            Route("/", lambda _request: FileResponse(str(_STATIC / "index.html"))),
            Route("/api/sites", self._sites),
            Route("/api/stream", self._stream),
            Mount("/static", StaticFiles(directory=str(_STATIC))),
        ]
        middleware = [Middleware(_SafeHeaders), Middleware(GZipMiddleware)]
        return [Mount("/", Starlette(routes=own, middleware=middleware))]

    async def _sites(self, request: Request) -> Response:
        limit = request.query_params.get("limit", "20")
        if not limit.isdecimal() or not 1 <= int(limit) <= _MAX_SITES:
            return PlainTextResponse(f"limit: should be 1 to {_MAX_SITES}, not {limit[:20]!r}\n", status_code=400)
        query = request.query_params.get("query", "")
        sight = self._live.look(None, await self._status.latest())
        return JSONResponse({"sites": self._live.sites(query, int(limit)), "known": sight.now.sites})

    async def _stream(self, request: Request) -> Response:
        if self.streams >= self._max_streams:
            return PlainTextResponse(f"{self._max_streams} pages are open already\n", status_code=503)
        events = self._events(request.query_params.get("site") or None)
        return StreamingResponse(events, media_type="text/event-stream")

    async def _events(self, site: str | None) -> AsyncIterator[bytes]:
        self.streams += 1
        try:
            feed = Feed(site)
            yield RETRY
            while True:
                sight = self._live.look(site, await self._status.latest())
                for event in feed.news(sight, now_s=time.monotonic()):
                    yield event
                await asyncio.sleep(_EVERY_S)
        finally:
            self.streams -= 1


class _SafeHeaders:
    """Adds the headers that keep a browser from doing more than the page needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        def with_headers(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            return send(message)

        sender: Callable[[Message], Awaitable[None]] = with_headers
        await self._app(scope, receive, sender)

"""The application: standards, people and the store put behind HTTP, with the routers it is given."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.middleware import Middleware

from guiju.api import accounts, checking, editions, health, judging, oidc, proving, signing, standards, work
from guiju.api.arrival import Arrival, Known
from guiju.api.asker import NOBODY
from guiju.api.keeping import machine, open_store
from guiju.api.library import Programs, SharedShelf
from guiju.api.limits import Attempts, Limits
from guiju.api.log import Metrics, RequestLog
from guiju.api.packing import Packed
from guiju.api.permissions import PERMISSIONS
from guiju.api.problems import Denied, ErrorPage, Faults, add_handlers
from guiju.api.secure import SecureHeaders
from guiju.api.settings import Settings
from guiju.api.shelves import Shelves
from guiju.base.diagnostics import Diagnostic
from guiju.store.kinds.work import Kind
from guiju.store.worker import KINDS
from guiju.web.opening import library_in

ROUTERS = (
    health.router, standards.router, checking.router, judging.router, proving.router, signing.router, signing.pages, oidc.pages, accounts.router,
    editions.router, work.router,
)  # fmt: skip
READ_MAX = 300
"""Standards read through before the first request: a second or two."""


def create_app(
    settings: Settings, routers: Sequence[APIRouter] = (), error_page: ErrorPage | None = None, kinds: Mapping[str, Kind] = KINDS
) -> FastAPI:
    """The workbench as an ASGI application.

    routers      pages and the parts' routes; each of their routes has its line in `PERMISSIONS`
    error_page   what a browser is shown where something is wrong; without it, problem+json
    kinds        the kinds of long work that can be asked for, and made again
    state        of the app: settings, shelf (safe for threads), programs, store (or None), metrics; of a request: request_id, language, user
    """
    metrics = Metrics()
    app = FastAPI(
        title="Guiju 规矩", version=version("guiju"), docs_url=None, redoc_url=None, dependencies=[Depends(allowed)],
        middleware=[Middleware(SecureHeaders), Middleware(Packed), Middleware(RequestLog, metrics=metrics), Middleware(Faults),
                    Middleware(Arrival, settings=settings), Middleware(Limits, settings=settings)],
        separate_input_output_schemas=False,
    )  # fmt: skip
    app.state.settings, app.state.metrics, app.state.error_page = settings, metrics, error_page
    app.state.kinds = kinds
    app.state.shelf = SharedShelf()
    app.state.programs = Programs(app.state.shelf)
    app.state.known, app.state.attempts, app.state.provider = Known(), Attempts(settings.logins_per_minute), oidc.Provider(settings)
    app.state.store, app.state.editions = open_store(settings), editions.Held()
    app.state.shelves = Shelves(app.state.shelf, app.state.programs, app.state.store)
    app.state.machine = machine(app.state.store) if settings.is_single_user else NOBODY
    add_handlers(app)
    for router in (*ROUTERS, *routers):
        app.include_router(router)
    missing = [route for route in routes_of(app) if route not in PERMISSIONS]
    assert not missing, f"guiju.api.permissions says nothing of {', '.join(missing)}"
    return app


def warmed(app: FastAPI) -> FastAPI:
    """The application once the head of every standard has been read, and each through and through where they are not too many; so that nobody
    waits for the first look. What is in memory then stays there: the collector need not go over it again and again, which would stop every
    request for a tenth of a second."""
    library = library_in(app, app.state.shelf)
    for head in library.heads if len(library.heads) <= READ_MAX else ():
        app.state.shelf.open(head.folder)
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # else libraries complain at the end of what was never collected
    gc.set_threshold(20_000, 20, 50)
    return app


def routes_of(app: FastAPI) -> Iterator[str]:
    """Every route as `METHOD /path/{template}`, in the words of the table."""
    for context in iter_route_contexts(app.routes):
        methods: set[str] = set(getattr(context, "methods", None) or ())
        for method in sorted(methods - {"HEAD"}):
            yield f"{method} {context.path_format}"


async def allowed(request: Request) -> None:
    """Before every route: whether who asks may."""
    roles = PERMISSIONS[f"{'GET' if request.method == 'HEAD' else request.method} {request.scope['route'].path_format}"]
    if not roles & request.state.user.roles:
        code = "not-allowed" if request.state.user.is_signed_in else "not-signed-in"
        raise Denied(Diagnostic(code, None, {"method": request.method, "path": request.url.path, "roles": ", ".join(sorted(roles))}))

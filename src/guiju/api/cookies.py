"""Cookies: of a session, and of somebody on the way to an identity provider and back. Scripts cannot read them; other sites cannot send them."""

from __future__ import annotations

from starlette.requests import Request

SESSION_SECONDS = 7 * 24 * 3600


def is_secure(request: Request) -> bool:
    """Whether the browser reached the workbench over TLS, here or at a proxy before it."""
    return request.url.scheme == "https" or str(request.app.state.settings.base_url).startswith("https://")


def cookie_named(request: Request, name: str = "guiju") -> str:
    """Over TLS with the prefix that keeps other hosts of the domain from setting it."""
    return f"__Host-{name}" if is_secure(request) else name


def set_cookie(request: Request, name: str, value: str, seconds: int) -> str:
    """The value of a header Set-Cookie; no seconds take it away."""
    secure = "; Secure" if is_secure(request) else ""
    return f"{cookie_named(request, name)}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"


def set_session(request: Request, token: str) -> str:
    return set_cookie(request, "guiju", token, SESSION_SECONDS if token else 0)

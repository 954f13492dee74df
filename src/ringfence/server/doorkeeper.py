"""Who may look: whoever brings the token that was printed when the server started."""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed, HttpResponseRedirect

COOKIE = "ringfence"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'"


class Doorkeeper:
    """Exchange the token in the first address for a cookie; refuse everybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, or refuse it."""
        request.get_host()  # refuses any host name but our own
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if _is_token(request.GET.get("token", "")):
            answer: HttpResponse = HttpResponseRedirect(request.path)
            answer.set_cookie(COOKIE, settings.RINGFENCE_TOKEN, httponly=True, samesite="Strict")
            return answer
        if not _is_token(request.COOKIES.get(COOKIE, "")):
            return HttpResponseForbidden(
                "Open the address that `ringfence serve` printed; it holds the key.", content_type="text/plain"
            )
        answer = self.get_response(request)
        answer["Cache-Control"] = "no-store"
        answer["Content-Security-Policy"] = _POLICY
        return answer


def _is_token(text: str) -> bool:
    return hmac.compare_digest(text.encode(), settings.RINGFENCE_TOKEN.encode())

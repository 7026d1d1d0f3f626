"""OpenID Connect end to end: Streamlit's own client and ours against a provider on this computer.

By hand (`pytest -m full tests/browser/test_single_sign_on.py`), since it needs the optional extra
`oidc`. The provider signs its tokens with `cryptography` alone: nothing of the client's library
checks itself.
"""

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from register import access_log
from tests.browser.harness import IDLE, Server, Witness, _free_port

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        find_spec("authlib") is None, reason="authlib is missing: pip install '.[oidc]'"
    ),
]

CLIENT, SECRET = "warm-stations", "a secret of the client"
PEOPLE: dict[str, dict[str, object]] = {
    "zhang": {"email": "Zhang@example.cn", "email_verified": True, "name": "张三"},
    "li": {"email": "li@example.cn", "email_verified": True, "name": "李四"},
    "forger": {"email": "zhang@example.cn", "email_verified": False, "name": "假张三"},
}


def primitives(name: str) -> Any:  # noqa: ANN401 - the extra has no types here
    """Return a part of `cryptography`, which comes with the extra."""
    return import_module(f"cryptography.hazmat.primitives.{name}")


def text64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Provider(ThreadingHTTPServer):
    """A provider that believes whoever presses a name."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key: Any = primitives("asymmetric.rsa").generate_private_key(
            public_exponent=65537, key_size=2048
        )
        self.codes: dict[str, dict[str, str]] = {}
        self.told: list[str] = []

    def configuration(self) -> dict[str, object]:
        ends = {name: f"{self.url}/{name}" for name in ("authorize", "token", "jwks", "logout")}
        return {
            "issuer": self.url,
            "authorization_endpoint": ends["authorize"],
            "token_endpoint": ends["token"],
            "jwks_uri": ends["jwks"],
            "end_session_endpoint": ends["logout"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, object]:
        public = self.key.public_key().public_numbers()
        numbers = {
            name: text64(value.to_bytes((value.bit_length() + 7) // 8, "big"))
            for name, value in (("n", public.n), ("e", public.e))
        }
        return {"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", **numbers}]}

    def token(self, code: str) -> dict[str, object]:
        asked = self.codes.pop(code)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": asked["who"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **PEOPLE[asked["who"]],
        }
        head = {"alg": "RS256", "kid": "1", "typ": "JWT"}
        body = ".".join(text64(json.dumps(part).encode()) for part in (head, claims))
        padding, digest = primitives("asymmetric.padding"), primitives("hashes").SHA256()
        signed = self.key.sign(body.encode(), padding.PKCS1v15(), digest)
        return {
            "access_token": secrets.token_hex(8),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": f"{body}.{text64(signed)}",
        }


class _Door(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.told.append(parts.path)
        match parts.path:
            case "/.well-known/openid-configuration":
                self._answer(self.server.configuration())
            case "/jwks":
                self._answer(self.server.keys())
            case "/authorize" if "who" not in asked:
                links = "".join(
                    f'<p><a href="?{urlencode({**asked, "who": who})}">{who}</a></p>'.replace(
                        "&", "&amp;"
                    )
                    for who in PEOPLE
                )
                self._send(links.encode(), "text/html")
            case "/authorize":
                code = secrets.token_hex(8)
                self.server.codes[code] = asked
                back = urlencode({"code": code, "state": asked["state"]})
                self._go(f"{asked['redirect_uri']}?{back}")
            case "/logout":
                self._go(asked["post_logout_redirect_uri"])
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        right = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        self.server.told.append("/token")
        if self.headers.get("Authorization") != right or given["code"] not in self.server.codes:
            self.send_error(401)
            return
        self._answer(self.server.token(given["code"]))

    def _answer(self, content: object) -> None:
        self._send(json.dumps(content).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _go(self, url: str) -> None:
        self.send_response(302)
        self.send_header("Location", url)
        self.end_headers()


@pytest.fixture
def provider() -> Iterator[Provider]:
    running = Provider()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def server(tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    port = _free_port()
    file = tmp_path / "secrets.toml"
    file.write_text(
        f"""
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{secrets.token_hex(16)}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider.url}/.well-known/openid-configuration"

[sign_in]
way = "oidc"
claim = "email"
admins = ["zhang@example.cn"]
"""
    )
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(file))
    running = Server(home=tmp_path / "home", log=tmp_path / "server.log", port=port)
    running.start()
    yield running
    running.stop()


def enter(page: Page, who: str) -> None:
    page.get_by_role("button", name="用统一登录进入").click()
    page.get_by_role("link", name=who).click()
    page.locator(IDLE).wait_for()


def leave(page: Page) -> None:
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("button", name="用统一登录进入")).to_be_visible()


def test_in_and_out_by_a_provider(
    server: Server, provider: Provider, page: Page, witness: Witness
) -> None:
    page.goto(server.url)
    enter(page, "li")
    expect(page.get_by_text("统一登录认得您（li@")).to_be_visible()
    leave(page)
    enter(page, "forger")
    expect(page.get_by_text("您的邮箱还没有验证")).to_be_visible()
    leave(page)
    enter(page, "zhang")
    corner = page.locator(".st-key-sign_in_who")
    expect(corner).to_contain_text("zhang@")
    page.reload()  # a cookie, not the page, holds the sign-in
    expect(corner).to_contain_text("zhang@")
    corner.get_by_role("button").first.click()
    leave(page)
    page.reload()
    expect(page.get_by_role("button", name="用统一登录进入")).to_be_visible()
    told = [(line["what"], line.get("login")) for line in access_log.last(server.home, 20)]
    assert ("account_added", "zhang@example.cn") in told
    assert {"/.well-known/openid-configuration", "/jwks", "/token"} <= set(provider.told)
    assert witness.outside == []

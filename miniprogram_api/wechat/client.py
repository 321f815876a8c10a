"""wechatpy made safe: one exchange with WeChat, which blocks, is bounded, and leaks nothing.

Every failure leaves as WeChatFailed with the error code and WeChat's request id alone: exception
texts of requests and of wechatpy hold whole addresses, with secrets, tokens and codes in them.
Nothing that is raised here has one of them as its cause or context.
"""

from __future__ import annotations

import inspect
import ipaddress
import json
import logging
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException

from miniprogram_api.wechat.apis import CONNECT_S, Api
from miniprogram_api.wechat.reactions import reaction_to
from services.wechat import Reaction, WeChatFailed

ROOT = "https://api.weixin.qq.com"
LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes. The largest thing that WeChat sends is a picture of a code."""
_PIECE = 64 * 1024
_LONGEST_MESSAGE = 2_000
_RID = re.compile(r"rid: ([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})")
_SEEN_ADDRESS = re.compile(r"invalid ip ([0-9A-Fa-f.:]{3,45})")
_FIELD = re.compile(r"data\.([a-z_]{1,30}[0-9]{0,4})\.value")


@dataclass(frozen=True)
class Question:
    """What one exchange asks. Holds secrets."""

    api: Api
    query: dict[str, str | None] = field(default_factory=dict, repr=False)
    body: dict[str, Any] | None = field(default=None, repr=False)
    """None where it is asked with GET."""

    def with_token(self, token: str) -> Question:
        """Return the same with an access token."""
        return Question(self.api, {**self.query, "access_token": token}, self.body)


Answer = dict[str, Any] | bytes
"""An object, or whatever is none: a picture, or what cannot be used."""


class Lines:
    """The connections of one account. Safe to use from threads: a client is in one at a time,
    because sessions of requests are not promised to stand more.
    """

    def __init__(self, app_id: str, root: str = ROOT) -> None:
        self._app_id = app_id
        self._root = root.rstrip("/")
        self._idle: list[_Client] = []
        self._lock = threading.Lock()
        self._is_closed = False
        # They write addresses of calls, secrets included, where debugging is turned on.
        for name in ("urllib3", "requests", "wechatpy"):
            logging.getLogger(name).setLevel(logging.WARNING)

    def ask(self, question: Question) -> Answer:
        """Ask WeChat once and return what it answers. Blocks. Raises WeChatFailed."""
        client = self._take()
        failure: WeChatFailed
        try:
            return client.exchange(self._root + question.api.path, question)
        except Exception as error:  # noqa: BLE001 - wechatpy lets out whatever it meets.
            failure = failure_of(question.api, error)
        finally:
            self._give_back(client)
        # Outside of the handler, so that the failure carries no context either.
        raise failure

    def close(self) -> None:
        """Close what is idle now, and the rest as it is given back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for client in idle:
            client.hang_up()

    def _take(self) -> _Client:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Client(self._app_id, is_far=self._root == ROOT)

    def _give_back(self, client: _Client) -> None:
        with self._lock:
            if not self._is_closed:
                self._idle.append(client)
                return
        client.hang_up()


class _Client(WeChatClient):  # type: ignore[misc]
    """wechatpy's client without its own tokens, repeats, redirects and endless answers."""

    def __init__(self, app_id: str, *, is_far: bool) -> None:
        # The secret is in the questions that need it; wechatpy would only keep it for itself.
        super().__init__(app_id, "", auto_retry=False)
        self._ends_at = 0.0
        # A proxy of the environment is for the outside, never for a stand-in on this machine.
        self._http.trust_env = is_far
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._http.mount("https://", adapter)
        self._http.mount("http://", adapter)

    def exchange(self, url: str, question: Question) -> Answer:
        api = question.api
        self._ends_at = time.monotonic() + api.deadline_s
        # None keeps wechatpy from fetching a token, and requests from sending one.
        options: dict[str, Any] = {
            "params": {"access_token": None, **question.query},
            "timeout": (CONNECT_S, api.read_s),
            "allow_redirects": False,
            "stream": True,
        }
        self._http.cookies.clear()
        if question.body is None:
            answer = self.get(url, **options)
        else:
            answer = self.post(url, data=question.body, **options)
        if isinstance(answer, dict | bytes):
            return answer
        raise ValueError("The answer is no object.")

    def fetch_access_token(self) -> None:
        raise RuntimeError("Access tokens are handed in.")

    def hang_up(self) -> None:
        self._http.close()

    def _decode_result(self, res: requests.Response) -> Any:
        """Return the answer, decoded where it is JSON, whatever its header says.

        wechatpy reads for as long as bytes drip in, and leaves out what is no UTF-8.
        """
        with res:
            if res.is_redirect or res.status_code != requests.codes.ok:
                raise WeChatClientException(None, None, client=self, response=res)
            content = self._read(res.raw)
        if content.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            return content
        return json.loads(content.decode("utf-8-sig"), strict=False)

    def _read(self, raw: urllib3.HTTPResponse) -> bytes:
        content = bytearray()
        while piece := raw.read1(_PIECE, decode_content=True):
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise ValueError("The answer is too large.")
            if time.monotonic() > self._ends_at:
                raise TimeoutError("The answer did not end in time.")
        return bytes(content)


def failure_of(api: Api, error: Exception) -> WeChatFailed:
    """Return what an exception means, without anything of its text."""
    if isinstance(error, WeChatClientException):
        if error.errcode is not None:
            return refusal(api.path, int(error.errcode), str(error.errmsg))
        status = getattr(error.response, "status_code", 0)
        if error.response is not None:
            error.response.close()
        return _strange_status(api, int(status))
    if _was_never_sent(error):
        return WeChatFailed(f"{api.path} could not be reached.", reaction=Reaction.RETRY)
    if isinstance(error, UnicodeEncodeError | requests.exceptions.InvalidURL):
        return WeChatFailed(f"{api.path} cannot be asked that.", reaction=Reaction.MEND)
    return WeChatFailed(
        f"{api.path} gave no usable answer ({type(error).__name__}).",
        reaction=Reaction.RETRY,
        is_fate_unknown=True,
    )


def refusal(path: str, errcode: int, message: str) -> WeChatFailed:
    """Return an error code of WeChat's as a failure. Of its text only what is known is kept."""
    text = message[:_LONGEST_MESSAGE]
    rid, named = _RID.search(text), _FIELD.search(text)
    return WeChatFailed(
        f"{path} answered {errcode}" + (f" (rid {rid[1]})." if rid else "."),
        reaction=reaction_to(path, errcode),
        errcode=errcode,
        rid=rid[1] if rid else "",
        field_name=named[1] if named and errcode == 47003 else "",
        told=_address_in(text) if errcode == 40164 else "",
    )


def check_library() -> None:
    """Refuse a wechatpy that is not the one whose behaviour this module relies on.

    Raises RuntimeError.
    """
    expected = {
        WeChatClient.__init__: "self appid secret access_token session timeout auto_retry",
        WeChatClient._request: "self method url_or_endpoint kwargs",
        WeChatClient._decode_result: "self res",
        WeChatClient._handle_result: "self res method url result_processor kwargs",
        WeChatClient.get: "self url kwargs",
        WeChatClient.post: "self url kwargs",
        WeChatClientException.__init__: "self errcode errmsg client request response",
    }
    for function, names in expected.items():
        if " ".join(inspect.signature(function).parameters) != names:
            raise RuntimeError(f"This wechatpy is another one: {function.__qualname__} changed.")


def _strange_status(api: Api, status: int) -> WeChatFailed:
    detail = f"{api.path} answered with status {status}."
    if status >= 500 or status == requests.codes.too_many_requests:
        # Something in between speaks: what stands behind it may have done what was asked.
        return WeChatFailed(detail, reaction=Reaction.RETRY, is_fate_unknown=status >= 500)
    return WeChatFailed(detail, reaction=Reaction.ALARM)


def _was_never_sent(error: Exception) -> bool:
    """Whether it failed before there was a connection to send anything on."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    reason = error.args[0] if error.args else None
    if isinstance(reason, urllib3.exceptions.MaxRetryError):
        reason = reason.reason
    if isinstance(error, requests.exceptions.SSLError):
        return "CERTIFICATE_VERIFY_FAILED" in str(reason)
    return isinstance(
        reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError
    )


def _address_in(text: str) -> str:
    found = _SEEN_ADDRESS.search(text)
    try:
        return str(ipaddress.ip_address(found[1])) if found else ""
    except ValueError:
        return ""

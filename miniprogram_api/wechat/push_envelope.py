"""The signature and the encryption of WeChat's pushes (消息加解密).

wechatpy sorts, hashes and decrypts. It compares signatures in a time that tells of them, looks at
no padding, and lets out whatever it meets: so that is done here.
"""

from __future__ import annotations

import base64
import binascii
import hmac

_BLOCK = 32
_RANDOM = 16
_LENGTH = 4


class Refused(Exception):
    """It is not from WeChat, or not for this mini-program."""


def require_signature(given: str, *signed: str) -> None:
    """Let only those through who know the token, which is one of the parts. Raises Refused."""
    # Here, so that reading in wechatpy costs nothing where nothing is ever pushed.
    from wechatpy.utils import WeChatSigner

    signer = WeChatSigner()
    signer.add_data(*(part.encode("utf-8", "replace") for part in signed))
    if not hmac.compare_digest(signer.signature.encode(), given.encode("utf-8", "replace")):
        raise Refused("The signature is another one.")


def opened(encrypted: str, encoding_aes_key: str, app_id: str) -> bytes:
    """Return the message in an envelope whose signature was found right. Raises Refused."""
    from wechatpy.crypto.base import WeChatCipher

    key = base64.b64decode(encoding_aes_key + "=")
    try:
        closed = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError):
        closed = b""
    if not closed or len(closed) % _BLOCK:
        raise Refused("What is encrypted is cut off.")
    plain: bytes = WeChatCipher(key).decrypt(closed)
    padding = plain[-1]
    if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes((padding,)) * padding:
        raise Refused("The padding is wrong.")
    content = plain[_RANDOM:-padding]
    length = int.from_bytes(content[:_LENGTH], "big")
    message, sent_to = content[_LENGTH : _LENGTH + length], content[_LENGTH + length :]
    if sent_to != app_id.encode():
        raise Refused("It is for another mini-program.")
    return message

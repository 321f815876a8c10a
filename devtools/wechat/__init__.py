"""The loopback WeChat: what the platform does at api.weixin.qq.com, on this machine.

A process of its own that shares no code with the backend, so that both sides cannot share an error.
Begin at `server.py` (HTTP), `answering.py` (the order of checks) and `world.py` (what there is).
"""

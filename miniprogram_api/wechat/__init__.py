"""The gateway to WeChat: wechatpy from asyncio, bounded in time, in threads and in tries."""

"""What everybody who applies is told of their personal information, and which wording it was.

Source: 个人信息保护法 Articles 17, 30 and 35.
"""

from __future__ import annotations

NOTICE_VERSION = "2026-2"
"""Kept with each application. Changes whenever NOTICE says something else."""
NOTICE = (
    "为了办理您的申请，需要收集您填写的姓名（名称）、证件、联系方式和申请内容，由您所选的行政机关处理。",
    "证件号码属于敏感个人信息，只用来确认是谁提出申请，加密保存，查看要说明理由并留下记录。",
    "申请办结后随案卷归档，到保管期限届满为止；没有提交的草稿，在自助机和网页上 24 小时后清除，在手机小程序里 30 天后清除。",
    "您可以向该机关查阅、复制、更正自己的信息。不提供的，可能要补正申请。",
    "依据：个人信息保护法第十七条、第三十条、第三十五条，政府信息公开条例第二十九条。",
)

"""Words of a normalized text, and which of them carry what a question is about."""

from __future__ import annotations

import re

import rjieba

from search.normalization import pieces

# What a question is built with rather than what it is about. Negations are not here: 予以公开 and
# 不予公开 are opposite questions.
_QUESTION_WORDS = frozenset(
    """
    什么 什麽 怎么 怎样 怎么样 怎么办 怎办 如何 哪些 哪个 哪里 哪儿 哪种 哪类 哪 谁 多少 几 几个 多久 多长 何时 何种
    何地 为何 为什么 是否 是不是 有没有 能不能 能否 可不可以 可否 会不会 要不要 需不需要 吗 呢 吧 啊 呀 嘛 哈 么
    啷个 啷个办 咋 咋个 咋办 哪样 啥 啥子 好久 好多 干嘛 干啥 有何 多大 多高 几时 几天 多长时间
    """.split()
)
_TALK = frozenset(
    """
    请问 请 问 问下 问一下 咨询 咨询一下 想 我想 想问 想要 想知道 知道 我要 要 我 我们 你 你们 您 他 她 它 他们 咱 咱们 自己
    这 那 这个 那个 这些 那些 这里 那里 这儿 那儿 一下 一个 一些 个 的 了 着 过 地 得 之 所 其 该 此 是 为 指 指的是 叫 叫做
    有 在 到 从 对 对于 关于 把 被 给 跟 和 与 及 以及 或 或者 还是 而 且 并 也 都 就 才 又 再 还 很 最 太 能 可以 可 会
    应 应该 应当 需 需要 将 将会 等 等等 上 下 中 里 内 外 后 前 时 时候 以 于 由 按 按照 根据 通过 向 去 来 做 办 搞 弄
    说 讲 看 找 查 告诉 帮 帮忙 麻烦 谢谢 你好 您好 现在 目前 今天 具体 主要 相关 有关 方面 情况 内容 事情 事 东西
    嘛 哦 嗯 呃 额 那么 就是 然后 因为 所以 如果 但是 不过 进行 开展 作出 做出 采取 措施 提出 实施 政策 规定 要求
    """.split()
)
_EMPTY = _QUESTION_WORDS | _TALK


_CLEAR = re.compile(
    r"(.)[不没]\1|[我你您他她它吗呢吧啊呀嘛么几]|"
    + "|".join(sorted((word for word in _EMPTY if len(word) > 1), key=lambda word: -len(word)))
)
"""What is heard for what it is: 给不给, 指的是, 我."""


def cut(text: str) -> list[str]:
    """Return all words of a normalized text, in order, without punctuation."""
    return [word for piece in pieces(text) for word in rjieba.cut(piece)]


def content_words(text: str) -> list[str]:
    """Return the words that carry what a question is about, each once, in order.

    A text made of nothing else gives all its words: 怎么办 is still a question.
    """
    words = cut(text)
    content = [word for word in words if word not in _EMPTY]
    return list(dict.fromkeys(content or words))


def said_clearly(text: str) -> list[bool]:
    """Return for each character whether it belongs to what a question is built with."""
    clear = [False] * len(text)
    for found in _CLEAR.finditer(text):
        clear[found.start() : found.end()] = [True] * len(found[0])
    return clear


def fragments(text: str) -> list[str]:
    """Return the runs of one-character words that no sentence is made of, in order.

    A recogniser that does not know a word writes what it sounds like: 九江市 as 就将是. Two such words
    that would carry something stand side by side in one question of fifty, three of any kind in one
    of a hundred.
    """
    found: list[str] = []
    for piece in pieces(text):
        run = ""
        for word in [*rjieba.cut(_CLEAR.sub(" ", piece)), " "]:
            if len(word) == 1 and not word.isascii():
                run += word
                continue
            if len(run) > 2 or (len(run) > 1 and not _EMPTY.intersection(run)):
                found.append(run)
            run = ""
    return found

"""Somebody who applies for information on the public pages, as a browser without scripts does."""

from __future__ import annotations

import re

import httpx

ANSWERS = {
    "information": "老旧小区改造2024年度预算",
    "features": "示例街道片区",
    "number": "",
    "period": "2024年",
    "kind": "natural_person",
    "category": "business",
    "name": "阿依古丽·买买提",
    "contact": "李某",
    "identity-kind": "resident_id",
    "identity": "１１０１０５１９４９１２３１００２x",
    "phone": "１３８ ００１３ ８０００",
    "way": "post",
    "address": "示例区" + "示例路" * 160,
    "postcode": "400000",
    "email": "a@example.org",
    "fax": "023-00000001",
    "carrier": "paper",
    "other-form": "yes",
    "help": "",
}
_HTML = {"Accept": "text/html"}


class AtThePages:
    """A browser: it keeps its cookies and is led from page to page."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.page = self.sees("/apply")

    def sees(self, path: str) -> httpx.Response:
        """Open a page, wherever it leads."""
        self.page = self.client.get(path, headers=_HTML, follow_redirects=True)
        return self.page

    def sends(self, path: str, **fields: str) -> httpx.Response:
        """Send a form and follow where it leads."""
        self.page = self.client.post(path, data=fields, headers=_HTML, follow_redirects=True)
        return self.page

    def begins(self) -> None:
        """Press the button on the first page."""
        self.sends("/apply")
        assert self.step == "agency", self.page.text

    @property
    def step(self) -> str:
        """The question on the page, "" where there is none."""
        found = re.search(r'data-apply-step="([^"]+)"', self.page.text)
        return found[1] if found else ""

    def answers(self, answer: str, **more: str) -> httpx.Response:
        """Answer the question on the page."""
        return self.sends(f"/apply/steps/{self.step}", answer=answer, **more)

    def fills_in(self, until: str = "", **other: str) -> None:
        """Answer every question up to one, as in ANSWERS unless told otherwise."""
        while self.step and self.step != until:
            self.answers_as_usual(other)
            assert self.page.status_code == 200, self.page.text

    def answers_as_usual(self, other: dict[str, str]) -> None:
        """Answer the question on the page as in ANSWERS, or as told."""
        step = self.step
        if step in other:
            self.answers(other[step])
        elif step in {"agency", "notice"}:
            found = re.search(r'name="answer" value="([^"]+)"', self.page.text)
            assert found
            self.answers(found[1])
        elif step == "public":
            self.answers("none")
        else:
            self.answers(ANSWERS[step])

"""Sizes, contrast and reach of a page, measured in the browser against zone-and-peers §4.6."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

SCREENS = {"wide": (1920, 1080), "upright": (1080, 1920), "small": (1366, 768)}
LEAST_TEXT_PX = 28
LEAST_TARGET_PX = 80
MOST_ACTIONS = 6
LEAST_CONTRAST = 7.0

MEASURE = """
() => {
  const visible = (node) => {
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return box.width > 1 && box.height > 1 && style.visibility === 'visible';
  };
  const colours = (text) => [...text.matchAll(/rgba?\\(([^)]+)\\)/g)].map(([, list]) => {
    const [r, g, b, a = 1] = list.split(/[ ,/]+/).map(Number);
    return {r, g, b, a};
  });
  const luminance = ({r, g, b}) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  // Every colour that may lie behind: each opaque stop of a gradient, and what is under clear ones.
  const behind = (node) => {
    const found = [];
    for (let at = node; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const stops = colours(style.backgroundImage);
      found.push(...stops.filter(({a}) => a === 1));
      const [plain] = colours(style.backgroundColor);
      if (plain?.a === 1) return [...found, plain];
      if (stops.length && stops.every(({a}) => a === 1)) return found;
    }
    return [...found, {r: 255, g: 255, b: 255, a: 1}];
  };

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !visible(node)) continue;
    if (node.closest('script, style, .for-readers')) continue;
    const style = getComputedStyle(node);
    const [colour] = colours(style.color);
    texts.push({
      text: walker.currentNode.textContent.trim().slice(0, 20),
      px: parseFloat(style.fontSize),
      contrast: Math.min(...behind(node).map((other) => contrast(colour, other))),
    });
  }
  const field = document.getElementById('ask-text');
  if (field && visible(field)) {
    const [colour] = colours(getComputedStyle(field, '::placeholder').color);
    texts.push({text: '(placeholder)', px: parseFloat(getComputedStyle(field).fontSize),
      contrast: Math.min(...behind(field).map((other) => contrast(colour, other)))});
  }
  const targets = [...document.querySelectorAll('button, input, textarea, summary, a')]
    .filter(visible).map((node) => {
      const {width, height, left, right, top, bottom} = node.getBoundingClientRect();
      const outside = left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
      const scrolls = node.closest('.stage') !== null;
      return {name: node.textContent.trim() || node.id, width, height, outside: outside && !scrolls};
    });
  const actions = new Set([...document.querySelectorAll('[data-action]')].filter(visible)
    .map((node) => node.dataset.action));
  const stage = document.querySelector('.stage');
  return {
    texts, targets, actions: [...actions],
    wider: document.documentElement.scrollWidth > innerWidth
      || (stage !== null && stage.scrollWidth > stage.clientWidth),
  };
}
"""


def require_fit(page: Page, told: str) -> None:
    """Fail unless everything on a kiosk's page is large, clear and within the screen."""
    measured: dict[str, Any] = page.evaluate(MEASURE)
    small = [t for t in measured["texts"] if t["px"] < LEAST_TEXT_PX]
    faint = [t for t in measured["texts"] if t["contrast"] < LEAST_CONTRAST]
    narrow = [
        t for t in measured["targets"] if min(t["width"], t["height"]) < LEAST_TARGET_PX - 0.5
    ]
    outside = [t["name"] for t in measured["targets"] if t["outside"]]
    assert measured["texts"], told
    assert small == [], told
    assert faint == [], told
    assert narrow == [], told
    assert outside == [], told
    assert not measured["wider"], told
    assert len(measured["actions"]) <= MOST_ACTIONS, (told, measured["actions"])
    assert "help" in measured["actions"], told

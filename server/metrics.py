"""What is counted and measured, for Prometheus. Holds no word of anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)


class Metrics:
    """The counters of one app, in a registry of its own so that two apps never share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "openzone_http_requests_total",
            "Requests answered, by route pattern and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "openzone_http_request_seconds",
            "Seconds from the request's head to its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.asks = Counter(
            "openzone_asks_total",
            "Questions, by the door they came through and what was made of them.",
            ("door", "decision"),
            registry=self.registry,
        )
        self.recognition_seconds = Histogram(
            "openzone_recognition_seconds",
            "Seconds from the end of speech to its words.",
            ("engine",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.synthesis_seconds = Histogram(
            "openzone_synthesis_seconds",
            "Seconds to speak one sentence.",
            ("engine",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.listening = Gauge(
            "openzone_listening",
            "People who are speaking right now.",
            registry=self.registry,
        )
        self.waiting_to_speak = Gauge(
            "openzone_waiting_to_speak",
            "People who wait for their turn to speak.",
            registry=self.registry,
        )

    def page(self) -> bytes:
        """Return everything in the text format that Prometheus reads."""
        return generate_latest(self.registry)

"""An annual report as programs read it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.annual_frozen import freeze
from services.annual_reports import YearReport
from services.disclosure.report_checks import Check
from services.disclosure.report_other_tables import Entry
from services.disclosure.report_tables import ReportRow


def as_json(report: YearReport) -> dict[str, Any]:
    """Return the tables by the codes of rows and columns, their labels, and what does not hold."""
    return {
        "agency": {"id": report.agency.id, "name": report.agency.name},
        "year": report.year,
        **freeze(report.two, report.three, report.four),
        "rows": [{"row": row.value, "label": row.full_label} for row in ReportRow],
        "not_entered": [entry.value for entry in Entry if entry not in report.entered],
        "checks": [
            {
                "number": check.value,
                "label": check.label,
                "holds": report.holds(check),
                "findings": [f.sentence for f in report.findings if f.check is check],
            }
            for check in Check
        ],
        "hints": report.hints,
        "texts": {section.value: text for section, text in report.texts.items()},
        "carried_over_reason": report.carried_over_reason,
        "statistics": asdict(report.statistics),
        "due_on": report.due_on.isoformat(),
        "planned_on": report.planned_on.isoformat(),
        "closed_at": report.closed_at and report.closed_at.isoformat(),
        "changed_since_closed": report.moved,
    }

"""What of table two can be counted from the documents that are kept here: a hint, not a figure.

Nobody notes here on which day a document was repealed; only one that expired says when.
"""

from __future__ import annotations

from datetime import date

from tortoise.expressions import Q

from models.agency import Agency
from models.category import Category
from models.document import Document, Validity
from models.publishable import Publication
from services.disclosure.report_other_tables import Entry

_BINDS = {Validity.IN_FORCE, Validity.AMENDED}
_ORDER = "令"
"""Stands in the number of what is a rule (规章), 示例市人民政府令第12号, and not a normative document."""


async def counted(agency: Agency, year: int) -> dict[Entry, int]:
    """Return how many rules and normative documents of an agency were issued in a year, expired in
    it, and are in force."""
    names = [agency.name, *agency.other_names]
    rows = await Document.filter(
        Q(responsible_agency_id=agency.id) | Q(agency__in=names),
        publication=Publication.PUBLISHED,
        category=Category.RULES,
        signed_on__lte=date(year, 12, 31),
    ).values("document_number", "signed_on", "expires_on", "validity")
    found = dict.fromkeys(
        (
            *(Entry.RULES_ISSUED, Entry.RULES_REPEALED, Entry.RULES_VALID),
            *(Entry.NORMATIVE_ISSUED, Entry.NORMATIVE_REPEALED, Entry.NORMATIVE_VALID),
        ),
        0,
    )
    for row in rows:
        name = "RULES" if _ORDER in row["document_number"] else "NORMATIVE"
        found[Entry[f"{name}_ISSUED"]] += row["signed_on"].year == year
        expired = row["expires_on"] is not None and row["expires_on"].year == year
        found[Entry[f"{name}_REPEALED"]] += expired
        found[Entry[f"{name}_VALID"]] += row["validity"] in _BINDS
    return found

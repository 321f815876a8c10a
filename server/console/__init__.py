"""The staff door: one module for each thing that staff work on."""

from __future__ import annotations

from sanic import Blueprint

from server.console import (
    agencies,
    annual_reports,
    application_acts,
    application_files,
    application_intake,
    application_letters,
    application_persons,
    application_receipts,
    application_register,
    application_reviews,
    applications,
    audit,
    cards,
    devices,
    disclosure_offices,
    display_items,
    document_editing,
    document_review,
    documents,
    gazette_issues,
    help_calls,
    holiday_notices,
    imports,
    ledger,
    left_questions,
    letter_templates,
    me,
    notice_reviews,
    notices,
    overview,
    question_editing,
    question_entries,
    question_review,
    ratings,
    scan_codes,
    signing_in,
    staff,
    suggestions,
    synonyms,
    venues,
)

_MODULES = (
    signing_in,
    overview,
    documents,
    document_editing,
    document_review,
    imports,
    display_items,
    gazette_issues,
    help_calls,
    applications,
    application_acts,
    application_files,
    application_letters,
    application_reviews,
    left_questions,
    question_entries,
    question_editing,
    question_review,
    suggestions,
    notices,
    notice_reviews,
    cards,
    application_intake,
    application_persons,
    application_receipts,
    ratings,
    synonyms,
    venues,
    agencies,
    disclosure_offices,
    letter_templates,
    holiday_notices,
    devices,
    scan_codes,
    ledger,
    application_register,
    annual_reports,
    staff,
    audit,
    me,
)


def console_routes() -> Blueprint:
    """Return the routes of the console."""
    routes = Blueprint("console", url_prefix="/console")
    for module in _MODULES:
        module.add_routes(routes)
    return routes

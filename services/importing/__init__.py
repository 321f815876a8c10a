"""Taking in documents and question libraries from files.

A file goes through the package in one direction: `files` finds it and says what it is, a reader
(`plain_text`, `markdown`, `html`, `word`, `pdf`, `question_tables`) turns it into lines or rows,
`official_document` or `law` says what those lines mean, and `stored_documents` and
`stored_questions` write them down.
"""

from services.importing.importing import import_paths
from services.importing.report import Failure, ImportReport

__all__ = ["Failure", "ImportReport", "import_paths"]

"""Taking in documents and question libraries from files.

A file goes through the package in one direction: `files` finds it and says what it is, a reader
(`plain_text`, `markdown`, `html`, `word`, `pdf`, `question_tables`) turns it into lines or rows,
`official_document` or `law` says what those lines mean, and `store` writes them down.
"""

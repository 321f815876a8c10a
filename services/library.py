"""The library as a visitor meets it: asked, searched, and kept in step with the database."""

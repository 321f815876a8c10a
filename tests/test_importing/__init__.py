"""Tests of importing, on real databases and real files."""

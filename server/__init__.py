"""The process: start-up, settings, and the doors that ship with it."""

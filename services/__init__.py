"""What the office does, whichever door was used."""

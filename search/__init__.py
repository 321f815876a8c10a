"""Chinese text found by its characters, words and sound. Plain data in, ids and scores out."""

"""Speech: sound to text and back, offline. Knows nothing of HTTP or of the database."""

"""The languages that are spoken here: what each knows of reading aloud and of writing down."""

"""Tables, their enums, and what one row can say of itself."""

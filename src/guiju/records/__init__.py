"""Records: tables of products read as they are, mapped to the inputs of a standard, checked at the door, and written out again."""

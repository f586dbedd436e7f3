"""The written form of a standard: YAML with positions, the model, the expression grammar, shelves of editions."""

"""The verification of a standard itself: what its clauses ask, against studies of methods and real products."""

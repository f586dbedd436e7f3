"""The process of verifying a standard: points that can do it, and the course from a demand to a conclusion."""

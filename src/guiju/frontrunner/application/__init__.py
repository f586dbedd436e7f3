"""Application: which graded products suit which scenario, and which solutions of several products reach a grade."""

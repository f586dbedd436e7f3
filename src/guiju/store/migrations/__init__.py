"""The migrations, which only ever run forward. Each is frozen: it uses nothing of Guiju that may change."""

"""Web: pages rendered on the server, which a person reads and works in with a browser."""

"""What /openapi.json says is what the routes do: requests made from the schema, at random, against the whole application."""

from __future__ import annotations



"""Many records through many standards, which lies with the records now: these names are for who still looks for them here."""

from __future__ import annotations

from guiju.records.bulk import Batch, Counts, Judged, counts, export_query, fields_of, judged_otherwise, located, mapping_of, programs, run

__all__ = ["Batch", "Counts", "Judged", "counts", "export_query", "fields_of", "judged_otherwise", "located", "mapping_of", "programs", "run"]

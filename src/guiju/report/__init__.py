"""Report: one neutral tree of what is reported, and what it becomes: HTML, PDF, DOCX, XLSX, Markdown."""

"""The workbench for programs: HTTP, who may do what, and `guiju serve`."""

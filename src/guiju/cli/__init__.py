"""The command line: how everything else is called by a person or a script."""

"""The process of front-runners: the annual cycle, and the certification of an enterprise's standard and models."""

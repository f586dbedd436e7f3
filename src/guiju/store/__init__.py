"""The store: standards, records, results, people and what was done, in one database and a folder of files beside it."""

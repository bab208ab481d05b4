"""This machine: files, folders that are ours, memory, and deadlines."""

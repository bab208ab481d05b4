"""A checkpoint on disk and on the hub: its files, their checksums, its tokenizer, and the sizes it states."""

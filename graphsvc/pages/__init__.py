"""The pages for readers: each module makes some of them, as plain values that a template shows and a file can hold."""

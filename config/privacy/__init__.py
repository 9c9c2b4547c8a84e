"""A person's own data: what is kept and why, a copy of it, its erasure, and what outlives that."""

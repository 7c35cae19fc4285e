"""Who comes in, and what they may do: signing in, access, the wire."""

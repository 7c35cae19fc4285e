"""Images as arrays: decode, encode, which view, which side, grey values."""

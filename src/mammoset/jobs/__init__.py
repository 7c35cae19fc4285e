"""What spans stages: the demo, the status."""

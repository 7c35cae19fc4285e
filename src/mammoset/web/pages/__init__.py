"""What the pages made on the server show."""

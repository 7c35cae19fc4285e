"""What the routes take and answer: values of the catalog shaped for programs, and back."""

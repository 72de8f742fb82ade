"""What does not arrive: whoever wrote it learns that, and why; nobody learns it twice."""

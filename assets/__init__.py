"""What ships with the program, and the code that makes it."""

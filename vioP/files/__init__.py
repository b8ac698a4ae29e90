"""What a programme's files say: read whole, checked whole, and only then believed."""

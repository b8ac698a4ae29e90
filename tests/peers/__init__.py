"""People in a room without a browser: real media, made in Python."""

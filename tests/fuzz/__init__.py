"""What strangers send, made up at random: readers refuse it in our words, or read it."""

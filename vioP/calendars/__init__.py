"""Calendar formats: the one place that writes them."""

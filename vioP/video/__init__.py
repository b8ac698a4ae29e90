"""Video services, one module each."""

"""Mail: letters written by ``compose``, and the ways they leave the house."""

"""Video by Janus, a media server of our own that only this program talks to."""

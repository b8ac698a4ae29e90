"""Video by Zoom: a meeting for each session, a registrant for each seat."""

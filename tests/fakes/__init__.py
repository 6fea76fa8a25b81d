"""Stand-ins: real servers on loopback that keep state."""

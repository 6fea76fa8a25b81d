"""The GitHub room: what its webhooks say, whether they are genuine, and how actions become REST calls."""

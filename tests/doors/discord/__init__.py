"""The Discord door against a stand-in: the real client over real sockets."""

"""The practice site: the whole product on this very machine, with real sockets and scripted faults."""

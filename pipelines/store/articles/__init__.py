"""Articles: their rows, versions, copies, and the addresses that they are known under."""

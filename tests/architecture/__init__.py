"""How the code is laid out: which rooms there are, and which import which."""

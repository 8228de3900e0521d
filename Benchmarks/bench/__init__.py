"""The whole service against its peers, measured from outside. `scripts/bench --help` tells how to run it."""

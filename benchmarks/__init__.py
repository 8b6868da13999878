"""Speed and memory, as ratios to a floor or a peer in the same run; never timed in the tests."""

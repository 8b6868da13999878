"""Any measure over time: compared, drawn, retold, explained."""

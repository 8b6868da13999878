"""What breaks if one name fails."""

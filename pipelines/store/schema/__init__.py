"""What every table and column holds, in words."""

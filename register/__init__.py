"""What people told us: stations, candidates, layers, plans, in a real database with versions and events."""

"""What people see: one module per page, the live map, session keys. Decides nothing; asks siting and register."""

"""What people take away: xlsx, docx, GeoPackage, stand-alone map. Reads results, decides nothing."""

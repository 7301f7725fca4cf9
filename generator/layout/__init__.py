"""From filled documents to laid-out pages: composites, LibreOffice, cutting, the areas of fields."""

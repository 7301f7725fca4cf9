"""From sheets to pictures: scanners, copiers, phones and chat programs, with their optical effects."""

"""What makes a laid-out page an issued PDF: form fields, page marks, the check of every output."""

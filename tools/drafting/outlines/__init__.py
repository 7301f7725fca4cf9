"""What the first template of each form was drafted from: one module per source document."""

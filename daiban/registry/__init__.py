"""The registry (登记库): what was issued, where its fields are, what came back."""

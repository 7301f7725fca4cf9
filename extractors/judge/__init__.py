"""What the observations mean for a form: findings and a verdict."""

"""Pure rules of the activities app, one module per noun."""

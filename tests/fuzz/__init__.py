"""`make fuzz`: calls the API with generated requests as every role, and checks the answers."""

# The account of the technical admin, which has no role.
TECHNICAL_ADMIN = "technical-admin"

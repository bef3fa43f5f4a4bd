"""The pages of the house's own rooms, a file for each thing they are about."""

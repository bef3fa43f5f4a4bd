"""The look of the house: template tags, navigation and the living style guide. No tables."""

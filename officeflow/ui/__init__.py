"""The look: template tags, navigation and the living style guide. No tables."""

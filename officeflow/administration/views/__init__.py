"""The administration's pages, one module for each subject."""

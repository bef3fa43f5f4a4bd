"""The administration's pages, a file for each subject."""

"""Importing CSV and XLSX files: previewed, then imported unit by unit, with a report."""

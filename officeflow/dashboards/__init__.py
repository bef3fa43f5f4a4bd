"""The gallery, from which managers see both wings."""

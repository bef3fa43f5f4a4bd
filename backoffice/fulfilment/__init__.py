"""Fulfilment: fetches, packs and ships the goods of orders."""

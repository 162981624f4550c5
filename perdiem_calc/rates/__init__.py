"""GSA and DTMO rates: places, the rate book, the live service, and where each rate comes from."""

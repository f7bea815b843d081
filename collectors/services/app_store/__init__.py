"""Apple's feed of reviews and the App Store Connect API."""

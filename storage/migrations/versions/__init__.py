"""The versions, oldest first. A released version is never edited."""

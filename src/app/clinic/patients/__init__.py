"""The people whom a clinic treats."""

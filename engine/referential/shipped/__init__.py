"""The referentials shipped with the program, one TOML file each: thresholds, labels and scales live only here."""

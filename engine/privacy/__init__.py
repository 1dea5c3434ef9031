"""What is said of a person in a shared workbook, taken out of it."""

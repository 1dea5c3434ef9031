"""What the documents we make share: looks, widths of texts, mail."""

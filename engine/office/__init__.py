"""What our documents share: looks, widths of texts, mail; and the tables that people type for us."""

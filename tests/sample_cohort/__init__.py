"""How ``sample_data/`` is made: a cohort of invented people, whose workbooks are filled and saved by LibreOffice.

``python -m tests.sample_cohort`` writes the folder anew, in a few minutes. What each person types stands in
``people.py`` and ``marks.py``, what goes wrong in ``incidents.py``; the test of the sample says what is expected of it.
"""

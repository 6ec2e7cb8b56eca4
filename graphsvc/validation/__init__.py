"""Two kinds of checks: shapes say whether the data is sound, findings say what is notable in the documents."""

"""Named questions: each .rq file in queries/questions/ is a question with its title, parameters and columns."""

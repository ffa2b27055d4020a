"""What does a guided lesson hold, what does it check, and is it sound?  Lessons as values; no Django."""

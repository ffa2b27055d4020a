"""Why did a request go there, and what if?  Answers that are reckoned, not sent."""

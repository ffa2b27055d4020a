"""What a learner types: kubectl's words and the playground's own."""

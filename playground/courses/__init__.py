"""What does a learner see of a lesson, and what is kept of what they did?  The list, the pane beside the cluster, the summary, the teacher's page."""

"""What does the page's console need to know of a cluster?  Where one can be, what can be typed there, and what help there is."""

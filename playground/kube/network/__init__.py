"""What becomes of a request, hop by hop, and who sends requests all the time?"""

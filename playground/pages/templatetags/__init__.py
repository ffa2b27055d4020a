"""What do templates of this room need beyond Django's own tags?"""

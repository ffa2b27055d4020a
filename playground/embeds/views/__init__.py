"""What is answered at each address of this room?"""

"""What does each form ask for, and which action does it make of the answers?"""

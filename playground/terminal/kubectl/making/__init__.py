"""What do `kubectl create`, `run` and `expose` make of words?"""

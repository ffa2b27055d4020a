"""How fast is it, beside something that runs in the same minute on the same machine?  Ratios, never timed tests."""

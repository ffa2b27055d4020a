"""A POSIX shell, as far as lessons need one: it runs the programs of a container."""

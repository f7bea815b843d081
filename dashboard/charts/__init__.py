"""Charts: each takes numbers and gives an Altair chart whose marks can be picked."""

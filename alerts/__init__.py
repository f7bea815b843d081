"""What a team should hear of without looking: found by rules, told once, in its own words."""

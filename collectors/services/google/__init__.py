"""Google's APIs and exports: Play, Business Profile, and what all of them share."""

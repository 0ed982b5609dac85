"""Documents of persons who are known: taken by constraint, added at a counter, put aside, given back."""

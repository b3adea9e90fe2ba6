"""How the shipped model was made: labelled pages to labels, features, weights and a card."""

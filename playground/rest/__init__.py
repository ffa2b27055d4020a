"""What does the API answer to whoever reads?  Addresses, forms, lists, discovery and OpenAPI, as values without a server around them."""

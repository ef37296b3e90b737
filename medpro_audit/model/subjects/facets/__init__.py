"""What endpoints say of themselves besides their validation, one file each; `model.facets` fills them in."""

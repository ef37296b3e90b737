"""What endpoints change: writes to databases and files, mail, payments and the like that their handlers lead to."""

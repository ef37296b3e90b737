"""What express-openapi reads before it registers anything: folders of path modules, and what the API document says."""

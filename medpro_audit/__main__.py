"""``python -m medpro_audit``."""

from medpro_audit.cli import main

if __name__ == "__main__":
    main()

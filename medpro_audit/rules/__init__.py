"""Rule packs: loaded, proved, and matched against the subjects of the model."""

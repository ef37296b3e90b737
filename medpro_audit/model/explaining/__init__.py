"""Why an endpoint is what the model says: computed for one endpoint when somebody asks, never before."""

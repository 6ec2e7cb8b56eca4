"""What the service tells machines of itself: a DCAT-AP-SE catalogue, VoID and a SPARQL service description."""

"""Identity management: managed objects, their schemas, relationships and queries."""

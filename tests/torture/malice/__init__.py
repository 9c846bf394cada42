"""What anybody who can reach a tenant may do to it: refusals are clear, time and memory bounded, others served."""

"""What the identity endpoints read and answer, in the shapes of the Better Auth protocol."""

"""From a user's head, in whatever form it comes, to a rig."""

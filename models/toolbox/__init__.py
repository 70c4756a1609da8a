"""Networks from sound to motion after the research systems, behind one interface; see `motion_net`."""

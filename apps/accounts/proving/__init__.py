"""A signed-in person proves who they are again, and what they pressed is carried on."""

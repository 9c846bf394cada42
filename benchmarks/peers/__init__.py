"""Those that are measured beside us. A folder each: what it is made of, and the module that installs and starts it."""

"""Lists: what one offers (spec), what a URL asks of it (state), its pages, selections, exports."""

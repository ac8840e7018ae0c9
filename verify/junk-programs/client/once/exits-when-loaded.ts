// Ends while it is loaded.
process.exit(0)

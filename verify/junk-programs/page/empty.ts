// Does nothing.
void 0

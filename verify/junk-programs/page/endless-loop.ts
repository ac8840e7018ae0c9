// Never lets the page go on.
for (;;);

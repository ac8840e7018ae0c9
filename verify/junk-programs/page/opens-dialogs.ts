// Keeps asking the visitor.
for (let times = 0; times < 20; times++) confirm('Are you still there?')

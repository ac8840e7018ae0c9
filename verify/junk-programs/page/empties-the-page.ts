// Leaves nothing of the page.
document.documentElement.innerHTML = ''

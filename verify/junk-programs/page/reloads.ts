// Loads the page again and again.
location.reload()

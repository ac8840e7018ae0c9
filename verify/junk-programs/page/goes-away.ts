// Leaves for another page.
location.href = '/elsewhere'

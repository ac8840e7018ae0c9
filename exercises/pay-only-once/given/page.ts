/** The page with the Pay button. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Pay</title>
<link rel="icon" href="data:,">
<h1>Your order</h1>
<p><label>Amount in cents: <input id="amount" inputmode="numeric" value="1999"></label></p>
<p><button>Pay</button> <output></output></p>
<script>
  const show = (text) => { document.querySelector('output').value = text }
  const pause = () => new Promise((resolve) => setTimeout(resolve, 150))

  document.querySelector('button').onclick = async () => {
    show('Paying …')
    // One key for each click. However often this payment is asked for, the key stays the same.
    const request = {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': '"' + crypto.randomUUID() + '"',
      },
      body: JSON.stringify({ amount: Number(document.querySelector('#amount').value) }),
    }
    for (let tries = 1; tries <= 10; tries += 1) {
      try {
        const response = await fetch('/payments', request)
        const { paymentId } = await response.json().catch(() => ({}))
        if (response.status === 201) return show('Paid: ' + paymentId)
        // 409: the same payment is being made just now, so its answer will be there soon.
        if (response.status !== 409) return show('Not paid: status ' + response.status)
      } catch {
        // The connection broke. Nobody knows here whether the payment was made.
      }
      await pause()
    }
    show('Not paid: gave up')
  }
</script>
</html>
`

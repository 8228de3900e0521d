/**
 * What to tell a customer who comes back from paying: paid, failed, pending (still being confirmed) or wrong (somebody must look).
 * `order` is the shop's own record: the reference it was paid under (merchantPaymentChargeReference), the amount in minor units, the currency.
 */
async function payment(order, terima, token) {
  let charge;
  try {
    const answer = await fetch(`${terima}/v1/charges/${encodeURIComponent(order.reference)}?wait=30s`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(40_000),
    });
    if (answer.status === 204) return "pending"; // nothing yet
    if (answer.status !== 200) throw answer.status; // 401: the token is wrong
    charge = await answer.json();
  } catch (problem) {
    console.error("terima:", problem.name ?? problem);
    return "pending"; // no answer: the payment may still have worked
  }
  const sum = { paid: charge.captured, authorized: charge.authorized }[charge.result];
  if (sum !== undefined) return sum === order.amount && charge.currency === order.currency ? "paid" : "wrong";
  return ["failed", "canceled", "refunded"].includes(charge.result) ? "failed" : "pending";
}

module.exports = { payment };

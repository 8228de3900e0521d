<?php
/**
 * What to tell a customer who comes back from paying: paid, failed, pending (still being confirmed) or wrong (somebody must look).
 * $order is the shop's own record: the reference it was paid under (merchantPaymentChargeReference), the amount in minor units, the currency.
 */
function payment(array $order, string $terima, string $token): string
{
    $options = ['header' => "Authorization: Bearer $token", 'timeout' => 40];
    $url = "$terima/v1/charges/" . rawurlencode($order['reference']) . '?wait=30s';
    $answer = @file_get_contents($url, false, stream_context_create(['http' => $options]));
    if ($answer === false) {
        error_log('terima: ' . trim(error_get_last()['message'] ?? 'no answer')); // 401: the token is wrong
    }
    $charge = json_decode((string) $answer, true);
    // Nothing yet (204), or no answer at all: the payment may still have worked.
    if (($charge['merchantPaymentChargeReference'] ?? null) !== $order['reference']) {
        return 'pending';
    }
    $sums = ['paid' => $charge['captured'], 'authorized' => $charge['authorized']];
    $isRight = ($sums[$charge['result']] ?? null) === $order['amount'] && $charge['currency'] === $order['currency'];
    return match ($charge['result']) {
        'paid', 'authorized' => $isRight ? 'paid' : 'wrong',
        'failed', 'canceled', 'refunded' => 'failed',
        default => 'pending',
    };
}

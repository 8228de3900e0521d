"""Webhooks as PPRO sends them: the 30 published types, each at a place in a life where it belongs."""

import json
from datetime import datetime, timedelta, timezone

SOURCE = "https://www.ppro.com"
BEGIN = datetime(2026, 6, 3, 11, 0, tzinfo=timezone.utc)
MERCHANT = "merch_nKjZgMqmbVWJuhDRPQDh4"

PUBLISHED = """
PAYMENT_CHARGE_CREATED PAYMENT_CHARGE_AUTHENTICATION_PENDING PAYMENT_CHARGE_PROVIDER_CONFIRMATION_PENDING
PAYMENT_CHARGE_AUTHORIZATION_SUCCEEDED PAYMENT_CHARGE_AUTHORIZATION_FAILED
PAYMENT_CHARGE_CAPTURE_SUCCEEDED PAYMENT_CHARGE_CAPTURE_FAILED
PAYMENT_CHARGE_REFUND_PENDING PAYMENT_CHARGE_REFUND_SUCCEEDED PAYMENT_CHARGE_REFUND_FAILED
PAYMENT_CHARGE_VOID_SUCCEEDED PAYMENT_CHARGE_VOID_FAILED PAYMENT_CHARGE_DISCARDED PAYMENT_CHARGE_DISCARD_FAILED
FUNDS_STATE_CHANGED CHARGEBACK_SUCCEEDED
PAYMENT_AGREEMENT_CREATED PAYMENT_AGREEMENT_AUTHENTICATION_PENDING PAYMENT_AGREEMENT_ACTIVE PAYMENT_AGREEMENT_UPDATED
PAYMENT_AGREEMENT_FAILED PAYMENT_AGREEMENT_REVOKED_BY_CONSUMER PAYMENT_AGREEMENT_REVOKED_BY_MERCHANT
PAYMENT_AGREEMENT_REVOKED_BY_PROVIDER
PAYMENT_INSTRUMENT_CREATED PAYMENT_INSTRUMENT_DETAILS_UPDATED PAYMENT_INSTRUMENT_DELETED
REPORT_PROCESSED REPORT_FAILED REPORT_EXPIRED
""".split()
assert len(set(PUBLISHED)) == 30


class Story:
    """The events of one resource, a second apart; from `begin` on, else the `number`th minute after BEGIN."""

    def __init__(self, name, subject, number, common, begin=None):
        self.name, self.subject, self.common = name, subject, common
        self.begin = begin or BEGIN + timedelta(minutes=number)
        self.bodies = []

    def tell(self, kind, **data):
        time = self.begin + timedelta(seconds=len(self.bodies))
        envelope = {
            "specversion": "1.0.2", "source": SOURCE, "id": f"evt{self.name}{len(self.bodies) + 1:02}", "type": kind,
            "subject": self.subject, "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "datacontenttype": "application/json", "data": self.common | {"type": kind} | data}
        self.bodies.append(json.dumps(envelope, ensure_ascii=False).encode())
        return self


class ChargeStory(Story):
    def __init__(self, name, number, method="IDEAL", currency="EUR", begin=None):
        super().__init__(name, f"charge_{name}", number, {
            "paymentChargeId": f"charge_{name}", "paymentMethod": method, "merchantId": MERCHANT,
            "merchantPaymentChargeReference": f"pay-{name}", "orderReferenceNumber": f"order-{name}",
            "paymentSessionId": f"sess_{name}"}, begin)
        self.currency = currency

    def charge(self, step, status, value=None, **data):
        if value is not None:
            data["amount"] = {"value": value, "currency": self.currency}
        return self.tell(f"PAYMENT_CHARGE_{step}", paymentChargeStatus=status, **data)

    def created(self, value):
        return self.charge(
            "CREATED", "AUTHORIZATION_PROCESSING", value, paymentMedium="ECOMMERCE", initiator="CONSUMER",
            paymentDescriptor="Toko Contoh", instrument={"id": f"instr_{self.name}", "type": "BANK_ACCOUNT"},
            order={"orderItems": [{"name": "Kopi Gayo ☕ 250 g", "quantity": 1, "amount": value}], "industryData": [],
                   "orderReferenceNumber": f"order-{self.name}"},
            consumer={"name": "Siti Nurhaliza Ž", "email": "siti@example.com", "phone": "+6281234567", "country": "NL",
                      "locale": "id-ID", "billingAddress": {"street": "Jl. Sudirman 1", "city": "Jakarta", "country": "ID"}},
            authenticationSettings=[{"type": "REDIRECT", "settings": {"returnUrl": "https://shop.example.com/return"}}])


def _failure(code):
    return {"failureType": "PROVIDER_DECLINE", "failureCode": code, "providerFailureCode": "51",
            "failureMessage": "It was declined.", "isRetryable": False}


def _paid_and_refunded():
    auth, capture, refund = ({"authorizationId": "authz_A"}, {"merchantCaptureReference": "cap-A"},
                             {"merchantRefundReference": "ref-A"})
    story = ChargeStory("A", 1).created(10_000)
    story.charge("AUTHENTICATION_PENDING", "AUTHENTICATION_PENDING", 10_000, **auth, authenticationMethods=[
        {"type": "REDIRECT", "details": {"requestUrl": "https://bank.example.com/a", "requestMethod": "GET"}}])
    story.charge("PROVIDER_CONFIRMATION_PENDING", "AUTHORIZATION_ASYNC", 10_000, **auth)
    story.charge("AUTHORIZATION_SUCCEEDED", "CAPTURE_PENDING", 10_000, **auth, isMultiStep=True)
    story.charge("CAPTURE_FAILED", "CAPTURE_PENDING", 10_000, captureId="capture_A1", failure=_failure("PROVIDER_ERROR"), **capture)
    story.charge("CAPTURE_SUCCEEDED", "CAPTURED", 10_000, captureId="capture_A2", **capture)
    story.tell("FUNDS_STATE_CHANGED", paymentChargeStatus="CAPTURED", paymentOperationId="capture_A2", paymentOperationType="CAPTURE",
               fundsState="CAPTURE_FUNDS_RECEIVED", amount={"value": 10_000, "currency": "EUR"})
    story.charge("REFUND_PENDING", "REFUND_PROCESSING", 4_000, refundId="refund_A1", **refund)
    story.charge("REFUND_FAILED", "CAPTURED", 4_000, refundId="refund_A1", failure=_failure("GENERIC_DECLINE"), **refund)
    story.charge("REFUND_SUCCEEDED", "CAPTURED", 2_500, refundId="refund_A2", **refund)
    return story.tell("CHARGEBACK_SUCCEEDED", amount={"value": 7_500, "currency": "EUR"})


def _others():
    declined = ChargeStory("B", 2, "JENIUS_PAY", "IDR").created(1_000_000)
    declined.charge("AUTHORIZATION_FAILED", "FAILED", 1_000_000, authorizationId="authz_B", failure=_failure("INSUFFICIENT_FUNDS"))
    discarded = ChargeStory("C", 3, "KONBINI", "JPY").created(100)
    discarded.charge("AUTHENTICATION_PENDING", "AUTHENTICATION_PENDING", 100, authorizationId="authz_C")
    reason = {"authorizationId": "authz_C", "discardType": "MERCHANT_INITIATED_DISCARD", "merchantDiscardReference": "disc-C"}
    discarded.charge("DISCARD_FAILED", "AUTHENTICATION_PENDING", 100, **reason)
    discarded.charge("DISCARDED", "DISCARDED", 100, **reason)
    voided = ChargeStory("D", 4).created(5_000)
    voided.charge("AUTHORIZATION_SUCCEEDED", "CAPTURE_PENDING", 5_000, authorizationId="authz_D", isMultiStep=True)
    voided.charge("VOID_FAILED", "CAPTURE_PENDING", 5_000, voidId="void_D1", merchantVoidReference="v-D", failure=_failure("VOID_X"))
    voided.charge("VOID_SUCCEEDED", "VOIDED", 5_000, voidId="void_D2", merchantVoidReference="v-D")
    return [declined, discarded, voided]


def _agreement(name, number, *steps):
    story = Story(name, f"agr_{name}", number, {
        "paymentAgreementId": f"agr_{name}", "paymentMethod": "SEPA", "merchantId": MERCHANT, "paymentSessionId": f"sess_{name}",
        "merchantPaymentAgreementReference": f"agreement-{name}"})
    for step, status in steps:
        extra = {"failure": _failure("CANCELED_BY_CONSUMER")} if step == "FAILED" else {}
        story.tell(f"PAYMENT_AGREEMENT_{step}", paymentAgreementStatus=status, **extra)
    return story


def _agreements():
    begin = [("CREATED", "INITIALIZING"), ("AUTHENTICATION_PENDING", "AUTHENTICATION_PENDING")]
    active = [*begin, ("ACTIVE", "ACTIVE")]
    return [
        _agreement("E", 5, *active, ("UPDATED", "ACTIVE"), ("REVOKED_BY_CONSUMER", "REVOKED_BY_CONSUMER")),
        _agreement("F", 6, *begin, ("FAILED", "FAILED")),
        _agreement("G", 7, *active, ("REVOKED_BY_MERCHANT", "REVOKED_BY_MERCHANT")),
        _agreement("H", 8, *active, ("REVOKED_BY_PROVIDER", "REVOKED_BY_PROVIDER"))]


def _stateless():
    instrument = Story("I", "instr_I", 9, {"paymentInstrumentId": "instr_I", "merchantId": MERCHANT})
    details = {"type": "BANK_ACCOUNT", "iban": "NL02ABNA0123456789", "holder": "Ånders Ñ"}
    instrument.tell("PAYMENT_INSTRUMENT_CREATED", details=details)
    instrument.tell("PAYMENT_INSTRUMENT_DETAILS_UPDATED", details=details, updateTimestamp="2026-06-03T11:09:01.000Z")
    instrument.tell("PAYMENT_INSTRUMENT_DELETED", details=details, deleteTimestamp="2026-06-03T11:09:02.000Z")
    report = Story("J", "report_J", 10, {
        "reportId": "report_J", "operationType": "SETTLEMENT", "merchantId": MERCHANT, "startDate": "2026-06-01",
        "endDate": "2026-06-02", "downloadUrl": "https://reports.example.com/J.csv", "contentLength": 9_007_199_254_740_993})
    for word in ("PROCESSED", "FAILED", "EXPIRED"):
        report.tell(f"REPORT_{word}", status=word)
    return [instrument, report]


def every_type():
    """Bodies of lives in which each published type comes at least once, in an order in which PPRO could send them."""
    stories = [_paid_and_refunded(), *_others(), *_agreements(), *_stateless()]
    bodies = [body for story in stories for body in story.bodies]
    assert {json.loads(body)["type"] for body in bodies} == set(PUBLISHED)
    return bodies


def simple(identity="evtX01", charge="X", status="AUTHORIZATION_PROCESSING", kind="PAYMENT_CHARGE_CREATED", **data):
    """One event of a charge that nobody else knows."""
    story = ChargeStory(charge, 20)
    story.tell(kind, paymentChargeStatus=status, amount={"value": 1_000, "currency": "EUR"}, **data)
    return story.bodies[0].replace(f"evt{charge}01".encode(), identity.encode(), 1)

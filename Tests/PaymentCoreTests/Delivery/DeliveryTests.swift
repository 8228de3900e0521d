/// Groups the suites of this folder, so that one filter runs them all.
enum DeliveryTests {}
